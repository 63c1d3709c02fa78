/** Who may import whom between projects: kernel <- contracts and science <- platform <- apps; no app another app. */
import { readdirSync, readFileSync, existsSync } from 'node:fs';
import { join, posix } from 'node:path';

const ALLOWED = {
  ground: [],
  science: ['ground', 'science'],
  platform: ['ground', 'platform'],
  app: ['ground', 'science', 'platform'],
  tool: ['ground', 'science', 'platform', 'tool'],
};

function projects(root) {
  return ['apps', 'libs', 'tools'].flatMap((wing) =>
    readdirSync(join(root, wing))
      .filter((name) => existsSync(join(root, wing, name, 'project.json')))
      .map((name) => {
        const folder = `${wing}/${name}`;
        const { tags } = JSON.parse(readFileSync(join(root, folder, 'project.json'), 'utf8'));
        const manifest = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
        const tag = tags.find((each) => each.startsWith('wing:'))?.slice('wing:'.length);
        return {
          folder,
          package: manifest.name,
          wing: tag,
          dependencies: Object.keys(manifest.dependencies ?? {}),
        };
      }),
  );
}

function cycles(all) {
  const found = [];
  const state = new Map();
  const visit = (name, trail) => {
    if (state.get(name) === 'done') return;
    if (state.get(name) === 'open') {
      found.push(
        `Projects depend on each other in a circle: ${[...trail.slice(trail.indexOf(name)), name].join(' -> ')}.`,
      );
      return;
    }
    state.set(name, 'open');
    for (const next of all.find((each) => each.package === name)?.dependencies ?? [])
      visit(next, [...trail, name]);
    state.set(name, 'done');
  };
  for (const each of all) visit(each.package, []);
  return found;
}

export function projectBoundaries(root, files) {
  const all = projects(root);
  const faults = cycles(all);
  for (const project of all) {
    if (!(project.wing in ALLOWED))
      faults.push(`${project.folder}/project.json has no tag wing:<${Object.keys(ALLOWED).join('|')}>.`);
  }
  for (const file of files) {
    const from = all.find((project) => file.path.startsWith(`${project.folder}/`));
    if (!from) continue;
    const isTest = /\.(int-|e2e-)?spec\.ts$|\.contract\.ts$|\.factory\.ts$|\/test\//.test(file.path);
    for (const { target } of file.imports) {
      if (target.startsWith('.')) {
        const resolved = posix.join(posix.dirname(file.path), target);
        if (!resolved.startsWith(`${from.folder}/`) && !isTest) {
          faults.push(
            `${file.path} reaches out of its project by ${target}; import the other project by its name.`,
          );
        }
        continue;
      }
      const to = all.find(
        (project) => target === project.package || target.startsWith(`${project.package}/`),
      );
      if (!to || to === from) continue;
      if (to.package === '@steward/testing' && isTest) continue;
      if (!ALLOWED[from.wing]?.includes(to.wing) && !(isTest && to.wing === 'tool')) {
        faults.push(`${file.path} (${from.wing}) may not import ${target} (${to.wing}).`);
      } else if (!isTest && !from.dependencies.includes(to.package)) {
        faults.push(`${file.path} imports ${to.package}, which ${from.folder}/package.json does not list.`);
      } else if (to.package === '@steward/testing' && !isTest) {
        faults.push(`${file.path} imports @steward/testing outside of a test.`);
      }
    }
  }
  return faults;
}
