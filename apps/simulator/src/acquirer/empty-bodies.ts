import { Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyAdapter } from '@nestjs/platform-fastify';

const ACQUIRER = '/acquirer/';

/**
 * The official client captures, voids, refunds and reverses in full, submits evidence and accepts disputes by a POST that
 * says JSON and has no body. The acquirer takes that for no body at all; the server here would refuse it as broken JSON.
 */
@Injectable()
export class EmptyBodies implements OnModuleInit {
  constructor(private readonly host: HttpAdapterHost<FastifyAdapter>) {}

  onModuleInit(): void {
    this.host.httpAdapter.getInstance().addHook('onRequest', async ({ url, headers }) => {
      if (url.startsWith(ACQUIRER) && headers['content-length'] === '0') delete headers['content-type'];
    });
  }
}
