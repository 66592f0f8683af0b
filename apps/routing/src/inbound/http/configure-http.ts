import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { OpenApiDocument } from './openapi.controller';
import { installRequestHooks } from './request-hooks';

/** What the public edge adds to the application before it listens: its request rules and its OpenAPI document. */
export function configureHttp(app: NestFastifyApplication): void {
  installRequestHooks(app.getHttpAdapter().getInstance());
  app.get(OpenApiDocument, { strict: false }).keep(describePartnerApi(app));
}

/** The routes under `/v1`, as controllers, DTOs and schemas declare them. */
function describePartnerApi(app: NestFastifyApplication): OpenAPIObject {
  const settings = new DocumentBuilder()
    .setTitle('Wallet gateway partner API')
    .setDescription('Amounts are strings of digits in minor units. Errors are RFC 9457 problem documents.')
    .setVersion('1')
    .addSecurity('api_key', { type: 'http', scheme: 'bearer' })
    .build();
  const document = SwaggerModule.createDocument(app, settings);
  const partnerPaths = Object.entries(document.paths).filter(([path]) => path.startsWith('/v1/'));
  return { ...document, paths: Object.fromEntries(partnerPaths) };
}
