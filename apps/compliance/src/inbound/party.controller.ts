import { Body, Controller, Post, UseGuards } from '@nestjs/common';
import { InternalTokenGuard } from '@gateway/platform';
import { RegisterParty } from '../use-cases/register-party';
import { PartyDto } from './party.dto';

/** Intake of parties from routing's edge: answers an id, and nobody else ever gets the identity. */
@Controller('internal/v1/parties')
@UseGuards(InternalTokenGuard)
export class PartyController {
  constructor(private readonly parties: RegisterParty) {}

  @Post()
  async add(@Body() party: PartyDto): Promise<{ party_id: string }> {
    const { partner_id: partnerId, role: _role, ...identity } = party;
    return { party_id: await this.parties.register(partnerId, identity) };
  }
}
