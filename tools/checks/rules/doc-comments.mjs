/** Everything that the public face of a science library exports says what it is: a doc comment right above it. */
const LIBRARIES = ['learning', 'onnx', 'statistics'];
const EXPORT = /export (?:type )?\{([^}]*)\} from '(\.[^']+)'/g;

function declarationOf(name, text) {
  const kinds = 'function\\*?|class|interface|type|const';
  const found = new RegExp(`^export (?:abstract |async )*(?:${kinds}) ${name}\\b`, 'm').exec(text);
  return found && text.slice(0, found.index).trimEnd();
}

function faultsOf(index, texts) {
  return [...index.text.matchAll(EXPORT)].flatMap(([, names, target]) => {
    const path = index.path.replace('index.ts', `${target.slice(2)}.ts`);
    return names
      .split(',')
      .map(
        (name) =>
          name
            .trim()
            .replace(/^type /, '')
            .split(' as ')[0],
      )
      .filter((name) => name !== '' && !declarationOf(name, texts.get(path) ?? '')?.endsWith('*/'))
      .map((name) => `${path}: ${name} is exported from the library without a doc comment.`);
  });
}

/** @param {{ path: string, text: string }[]} files */
export function docComments(files) {
  const texts = new Map(files.map(({ path, text }) => [path, text]));
  return files
    .filter(({ path }) => LIBRARIES.some((name) => path === `libs/${name}/src/index.ts`))
    .flatMap((index) => faultsOf(index, texts));
}
