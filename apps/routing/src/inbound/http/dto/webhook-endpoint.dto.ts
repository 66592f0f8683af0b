import { ApiProperty } from '@nestjs/swagger';
import { IsDefined, IsString, Length } from 'class-validator';

/** The body of `POST /v1/webhook_endpoints`. */
export class CreateWebhookEndpointDto {
  @ApiProperty({ example: 'https://partner.example/webhooks', maxLength: 2048 })
  @Length(1, 2048, { message: 'must have 1 to 2048 characters' })
  @IsString({ message: 'must be a string' })
  @IsDefined()
  url: string;
}
