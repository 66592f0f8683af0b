import { PURPOSES } from '@gateway/contracts/wallet.network.commands.v1';
import { IsIn, IsInt, IsObject, IsOptional, Matches, Max, Min } from 'class-validator';

const ID = /^[a-zA-Z0-9_-]{1,64}$/;

/** `amount` is looked at by the amount gate of money, which names what is wrong with it. */
export class QuoteBody {
  @Matches(ID)
  partner_id: string;

  @Matches(ID)
  source_network: string;

  @Matches(ID)
  target_network: string;

  @IsIn(['source', 'target'])
  fixed_side: 'source' | 'target';

  @IsObject()
  amount: Record<string, unknown>;

  @IsIn([...PURPOSES])
  purpose: string;

  /** A shorter life than the usual one, in seconds. */
  @IsOptional()
  @IsInt()
  @Min(3)
  @Max(300)
  valid_for_s?: number;
}
