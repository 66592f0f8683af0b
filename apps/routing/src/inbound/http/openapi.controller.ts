import { Controller, Get, Injectable } from '@nestjs/common';
import { ApiExcludeController, type OpenAPIObject } from '@nestjs/swagger';
import { problem } from '../../edge/problems';

/** The OpenAPI document of the partner API, made once from controllers and schemas when the application starts. */
@Injectable()
export class OpenApiDocument {
  private document: OpenAPIObject | null = null;

  keep(document: OpenAPIObject): void {
    this.document = document;
  }

  /** @throws Problem where the application was started without it */
  read(): OpenAPIObject {
    if (this.document === null) throw problem('NOT_FOUND');
    return this.document;
  }
}

/** `GET /v1/openapi.json`, for everyone. */
@ApiExcludeController()
@Controller('v1')
export class OpenApiController {
  constructor(private readonly document: OpenApiDocument) {}

  @Get('openapi.json')
  read(): OpenAPIObject {
    return this.document.read();
  }
}
