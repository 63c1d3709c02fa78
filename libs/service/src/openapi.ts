import type { NestExpressApplication } from '@nestjs/platform-express';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import type { ServiceName } from '@steward/contracts';

/** Serves the service's OpenAPI document at /openapi.json and a page to read and try it at /docs. */
export function serveOpenApi(app: NestExpressApplication, service: ServiceName): void {
  const outline = new DocumentBuilder()
    .setTitle(`Steward ${service}`)
    .setDescription('Errors are problem details (RFC 9457) with a stable `code`.')
    .setVersion('1')
    .addBearerAuth({ type: 'http', scheme: 'bearer', description: 'A token of /v1/login, or an API key.' })
    .addSecurityRequirements('bearer')
    .build();
  const document = SwaggerModule.createDocument(app, outline);
  SwaggerModule.setup('docs', app, document, {
    jsonDocumentUrl: 'openapi.json',
    customSiteTitle: `Steward ${service}`,
  });
}
