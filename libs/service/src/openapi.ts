import type { NestExpressApplication } from '@nestjs/platform-express';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import type { ServiceName } from '@steward/contracts';
import { describeEntries } from './entries';

/**
 * Serves the service's OpenAPI document at /openapi.json and a page to read and try it at /docs. Its extension
 * `x-steward-entries` lists every route and RPC with its access decision: who writes roles reads it there, and the access
 * matrix is tested from it.
 */
export function serveOpenApi(app: NestExpressApplication, service: ServiceName): void {
  const outline = new DocumentBuilder()
    .setTitle(`Steward ${service}`)
    .setDescription('Errors are problem details (RFC 9457) with a stable `code`.')
    .setVersion('1')
    .addExtension(
      'x-steward-entries',
      describeEntries(app).map(({ transport, entry, handler, decision }) => ({
        transport,
        entry,
        handler,
        decision,
      })),
    )
    .addBearerAuth({ type: 'http', scheme: 'bearer', description: 'A token of /v1/login, or an API key.' })
    .addSecurityRequirements('bearer')
    .build();
  const document = SwaggerModule.createDocument(app, outline);
  SwaggerModule.setup('docs', app, document, {
    jsonDocumentUrl: 'openapi.json',
    customSiteTitle: `Steward ${service}`,
  });
}
