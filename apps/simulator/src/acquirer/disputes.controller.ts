import { Body, Controller, Get, Headers, Param, Post, Put, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { react } from '../faults/reaction';
import { SimulatorConfig } from '../simulator.config';
import { objectIn, type JsonObject } from '../wire/fields';
import { unauthorised } from './acquirer-errors';
import { AcquirerDesk } from './acquirer-desk';
import { DisputeRequests, type DisputeOperation } from './dispute-requests';

/** The acquirer's HTTP API of disputes, with paths as its official client speaks them. */
@Controller('acquirer/disputes')
export class AcquirerDisputesController {
  constructor(
    private readonly desk: AcquirerDesk,
    private readonly disputes: DisputeRequests,
    private readonly config: SimulatorConfig,
  ) {}

  @Get()
  async list(
    @Headers('authorization') auth: string,
    @Query() query: JsonObject,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.serve(reply, auth, 'dispute', { query });
  }

  @Get(':id')
  async one(
    @Headers('authorization') auth: string,
    @Param('id') id: string,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.serve(reply, auth, 'dispute', { dispute_id: id });
  }

  @Get(':id/evidence')
  async evidence(
    @Headers('authorization') auth: string,
    @Param('id') id: string,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await react(reply, this.isKnown(auth) ? await this.disputes.evidenceOf(id) : unauthorised());
  }

  @Put(':id/evidence')
  async provide(
    @Headers('authorization') auth: string,
    @Param('id') id: string,
    @Body() body: unknown,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.serve(reply, auth, 'evidence', { dispute_id: id, body: objectIn(body) });
  }

  @Post(':id/evidence')
  async submit(
    @Headers('authorization') auth: string,
    @Param('id') id: string,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.serve(reply, auth, 'evidence_submit', { dispute_id: id });
  }

  @Post(':id/accept')
  async accept(
    @Headers('authorization') auth: string,
    @Param('id') id: string,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.serve(reply, auth, 'dispute_accept', { dispute_id: id });
  }

  private async serve(
    reply: FastifyReply,
    auth: string | undefined,
    operation: DisputeOperation,
    request: JsonObject,
  ): Promise<void> {
    await react(reply, this.isKnown(auth) ? await this.desk.serve(operation, request) : unauthorised());
  }

  private isKnown(auth: string | undefined): boolean {
    const { acquirerSecretKey } = this.config;
    return auth === acquirerSecretKey || auth === `Bearer ${acquirerSecretKey}`;
  }
}
