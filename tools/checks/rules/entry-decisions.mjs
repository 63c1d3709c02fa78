/**
 * Every HTTP route and every RPC carries `@Can(...)` or `@PublicEndpoint(...)`. Returns the faults and the list of all
 * entries with their decisions, which `npm run check -- --entries` prints.
 */
const ROUTE = /^@(Get|Post|Put|Patch|Delete|All|Head|Options)\(/;
const DECISION = /^@(Can|PublicEndpoint|SignedIn)\(/;
const METHOD = /^(?:public\s+)?(?:async\s+)?\*?([A-Za-z_]\w*)\s*\(/;

/** Class members with the decorators above them: decorators are joined over lines until their brackets close. */
function* members(text) {
  let decorators = [];
  let open = null;
  let inClass = false;
  for (const raw of text.split('\n')) {
    const line = raw.trim();
    if (/^(export )?(abstract )?class /.test(raw)) inClass = true;
    else if (raw.startsWith('}')) inClass = false;
    if (!inClass) continue;
    if (open !== null) {
      open += ` ${line}`;
      if (balanced(open)) {
        decorators.push(open);
        open = null;
      }
      continue;
    }
    if (line.startsWith('@')) {
      if (balanced(line)) decorators.push(line);
      else open = line;
      continue;
    }
    if (line === '' || line.startsWith('//') || line.startsWith('*') || line.startsWith('/*')) continue;
    const indent = raw.length - raw.trimStart().length;
    const method = METHOD.exec(line);
    if (
      indent === 2 &&
      method &&
      !/^(if|for|while|switch|return|constructor|super|catch|function)$/.test(method[1])
    ) {
      yield { name: method[1], decorators };
    }
    decorators = [];
  }
}

function balanced(text) {
  let depth = 0;
  let quote = null;
  for (const char of text) {
    if (quote) {
      if (char === quote) quote = null;
    } else if (char === "'" || char === '"' || char === '`') quote = char;
    else if (char === '(') depth += 1;
    else if (char === ')') depth -= 1;
  }
  return depth === 0;
}

export function entryDecisions(files) {
  const faults = [];
  const entries = [];
  for (const file of files) {
    if (/\.spec\.ts$|\/test\//.test(file.path)) continue;
    const isRpc = /extends RpcService\b/.test(file.text);
    if (!isRpc && !/@Controller\(/.test(file.text)) continue;
    for (const { name, decorators } of members(file.text)) {
      const route = decorators.find((each) => ROUTE.test(each));
      if (!isRpc && !route) continue;
      const decision = decorators.find((each) => DECISION.test(each));
      const entry = `${file.path} ${name}`;
      entries.push(`${entry} ${route ?? 'rpc'} ${decision ?? 'UNDECIDED'}`);
      if (!decision)
        faults.push(`${entry} has no access decision: add @Can(action, subject) or @PublicEndpoint(reason).`);
    }
  }
  return { faults, entries };
}
