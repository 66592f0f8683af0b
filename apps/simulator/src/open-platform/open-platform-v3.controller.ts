import { All, Controller, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { jsonAnswer, react } from '../faults/reaction';

/**
 * The open platform's newer API (`curl` of the official client), which nobody plays here: said in the form of its errors,
 * so that the client tells why.
 */
@Controller('v3')
export class OpenPlatformV3Controller {
  @All('*')
  async refuse(@Res() reply: FastifyReply): Promise<void> {
    const message = 'The v3 API is not simulated. Use exec() of the client, which speaks to /gateway.do.';
    await react(reply, jsonAnswer(404, { code: 'not-simulated', message, links: [] }));
  }
}
