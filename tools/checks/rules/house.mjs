/** Smaller rules: where the environment is read, where events are defined, what every project has. */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const MAY_READ_ENVIRONMENT =
  /\.config\.ts$|libs\/service\/src\/.*config.*\.ts$|\/test\/|\.spec\.ts$|^tools\/|^apps\/cli\/src\/|^libs\/testing\/|\/otel[^/]*\.ts$/;

export function environmentReads(files) {
  return files
    .filter(
      (file) =>
        /process\.env\b/.test(file.text.replace(/^\s*(\/\/|\*|\/\*).*$/gm, '')) &&
        !MAY_READ_ENVIRONMENT.test(file.path),
    )
    .map((file) => `${file.path} reads process.env; settings come from the app's config.`);
}

/** An event exists only in libs/contracts, and there only in the registry. */
export function eventRegistry(root, files) {
  const faults = files
    .filter((file) => /\b(defineEvent|defineTelemetry|defineTopic)\(/.test(file.text))
    .filter(
      (file) =>
        !file.path.startsWith('libs/contracts/') && !/\.spec\.ts$|\/test\/|\.contract\.ts$/.test(file.path),
    )
    .map((file) => `${file.path} defines an event or a topic; libs/contracts holds the only list.`);
  const registry = readFileSync(join(root, 'libs/contracts/src/registry.ts'), 'utf8');
  for (const file of files.filter((each) => each.path.startsWith('libs/contracts/src/events/'))) {
    for (const [, name] of file.text.matchAll(
      /export const (\w+) = (?:define(?:Event|Telemetry)\(|each\()/g,
    )) {
      if (!new RegExp(`\\b${name}\\b`).test(registry))
        faults.push(`${file.path}: ${name} is not in libs/contracts/src/registry.ts.`);
    }
  }
  return faults;
}

export function everyProjectHas(root) {
  return ['apps', 'libs'].flatMap((wing) =>
    readdirSync(join(root, wing)).flatMap((name) =>
      ['README.md', 'project.json']
        .filter((file) => !existsSync(join(root, wing, name, file)))
        .map((file) => `${wing}/${name} has no ${file}.`),
    ),
  );
}

export function lockHoldsNoHost(root) {
  const hosts =
    readFileSync(join(root, 'package-lock.json'), 'utf8').match(/"resolved": "http/g)?.length ?? 0;
  return hosts === 0
    ? []
    : [
        `package-lock.json records ${hosts} registry addresses; .npmrc sets omit-lockfile-registry-resolved=true.`,
      ];
}
