import { ApiProperty } from '@nestjs/swagger';
import { IsDefined, Matches } from 'class-validator';
import { idPattern } from '../../../edge/text';

/** The body of `POST /v1/returns/{id}/correct`. */
export class CorrectReturnDto {
  @ApiProperty({ example: 'ins_01K0EXAMPLE0000000000000000', description: 'Another instrument of the same payee.' })
  @Matches(new RegExp(idPattern('ins')), { message: 'must be the id of an instrument' })
  @IsDefined()
  target_instrument!: string;
}
