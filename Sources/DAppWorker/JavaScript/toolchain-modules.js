'use strict';
// import and export become plain constants inside one factory function per module.

const Modules = (() => {
  const { names } = Syntax;
  const libraries = {
    'etm:dapp': { object: '$library', names: ['contract', 'model', 'query', 'random', 'reject'], inTests: false },
    'etm:test': { object: '$testing', names: ['accounts', 'assert', 'chain', 'describe', 'fixture', 'fuzz', 'invariant', 'it'], inTests: true },
  };

  /// The path that a relative import means, or null when it leaves the bundle.
  function resolve(from, specifier) {
    if (!specifier.startsWith('./') && !specifier.startsWith('../')) return null;
    const parts = from.split('/').slice(0, -1);
    for (const part of specifier.split('/')) {
      if (part === '.') continue;
      if (part === '..') { if (parts.pop() === undefined) return null; continue; }
      parts.push(part);
    }
    return parts.join('/');
  }

  /// Finds the module behind an import, and remembers the dependency.
  function find(module, source, byPath, findings) {
    const specifier = source.value;
    const path = resolve(module.path, specifier);
    if (path === null) {
      const own = module.isTest ? 'etm:test' : 'etm:dapp';
      findings.add(module, source.start, 'import', `Cannot import '${specifier}'.`, `import ${own} or a file of this package, such as './prices.js'`);
      return null;
    }
    const target = byPath.get(path) ?? byPath.get(path + '.js');
    if (!target) {
      findings.add(module, source.start, 'import', `There is no file ${path} in this package.`, byPath.has(path + '/index.js') ? `import '${specifier}/index.js'` : 'check the path and the extension .js');
      return null;
    }
    if (!module.imports.includes(target.index)) module.imports.push(target.index);
    return target;
  }

  const variables = new Set(['let', 'var']);

  /// The kind of declaration of every name at the top of a module.
  function topLevel(ast) {
    const kinds = new Map();
    for (const statement of ast.body) {
      const node = statement.declaration ?? statement;
      if (node.type === 'VariableDeclaration') for (const item of node.declarations) for (const name of names(item.id)) kinds.set(name.name, node.kind);
      else if (node.id && node.type.endsWith('Declaration')) kinds.set(node.id.name, 'const');
      else if (statement.type === 'ImportDeclaration') for (const item of statement.specifiers) kinds.set(item.local.name, 'const');
    }
    return kinds;
  }

  function exportName(module, findings, kinds, local, exported, start) {
    if (variables.has(kinds.get(local))) {
      findings.add(module, start, 'exported-variable', `${local} is exported but can change.`, 'export a const or a function; nothing in memory outlives a call');
    }
    module.exports.set(exported, local);
  }

  function collectExports(module, byPath, findings) {
    const kinds = topLevel(module.ast);
    for (const node of module.ast.body) {
      if (node.type === 'ExportDefaultDeclaration') {
        module.exports.set('default', node.declaration.id?.name ?? '$default');
      } else if (node.type === 'ExportNamedDeclaration' && node.declaration) {
        const declared = node.declaration.id ? [node.declaration.id] : node.declaration.declarations.flatMap(item => names(item.id));
        for (const name of declared) exportName(module, findings, kinds, name.name, name.name, name.start);
      } else if (node.type === 'ExportNamedDeclaration') {
        const target = node.source ? find(module, node.source, byPath, findings) : null;
        for (const item of node.specifiers) {
          const exported = item.exported.name ?? item.exported.value, local = item.local.name ?? item.local.value;
          if (!node.source) exportName(module, findings, kinds, local, exported, item.start);
          else if (target) (module.links ??= []).push({ target, name: local, node: item }), module.exports.set(exported, `$import(${target.index})[${JSON.stringify(local)}]`);
        }
      } else if (node.type === 'ExportAllDeclaration') {
        const target = find(module, node.source, byPath, findings);
        if (target && node.exported) module.exports.set(node.exported.name, `$import(${target.index})`);
        else if (target) (module.stars ??= []).push(target);
      } else if (node.type === 'ImportDeclaration') {
        collectImport(module, node, byPath, findings);
      }
    }
  }

  function collectImport(module, node, byPath, findings) {
    module.constants ??= [];
    module.libraryNames ??= new Map();
    const library = Object.hasOwn(libraries, node.source.value) ? libraries[node.source.value] : undefined;
    if (library?.inTests === module.isTest) {
      for (const item of node.specifiers) {
        const name = item.type === 'ImportSpecifier' ? item.imported.name : null;
        if (name === null || !library.names.includes(name)) {
          findings.add(module, item.start, 'import', `${node.source.value} has no ${name ?? 'default export'}.`, `it has ${library.names.slice(0, -1).join(', ')} and ${library.names.at(-1)}`);
          continue;
        }
        module.libraryNames.set(item.local.name, name);
        module.constants.push(`const ${item.local.name}=${library.object}.${name};`);
      }
      return;
    }
    const target = find(module, node.source, byPath, findings);
    if (!target) return;
    if (node.specifiers.length === 0) module.constants.push(`$import(${target.index});`);
    for (const item of node.specifiers) {
      const whole = `$import(${target.index})`;
      if (item.type === 'ImportNamespaceSpecifier') { module.constants.push(`const ${item.local.name}=${whole};`); continue; }
      const name = item.type === 'ImportDefaultSpecifier' ? 'default' : item.imported.name ?? item.imported.value;
      (module.links ??= []).push({ target, name, node: item });
      module.constants.push(`const ${item.local.name}=${whole}[${JSON.stringify(name)}];`);
    }
  }

  /// Checks that every imported name exists and that imports form no circle.
  function link(modules, findings) {
    const done = new Map();
    function order(module, trail) {
      if (done.get(module) === 'open') {
        findings.add(module, 0, 'import-circle', `Files import each other: ${[...trail.slice(trail.indexOf(module.path)), module.path].join(' → ')}.`, 'move what both need into a third file');
        return;
      }
      if (done.has(module)) return;
      done.set(module, 'open');
      for (const index of module.imports) order(modules[index], [...trail, module.path]);
      for (const target of module.stars ?? []) {
        for (const name of target.exports.keys()) {
          if (name !== 'default' && !module.exports.has(name)) module.exports.set(name, `$import(${target.index})[${JSON.stringify(name)}]`);
        }
      }
      for (const { target, name, node } of module.links ?? []) {
        if (!target.exports.has(name)) findings.add(module, node.start, 'import', `${target.path} does not export ${name}.`, `it exports ${[...target.exports.keys()].join(', ') || 'nothing'}`);
      }
      done.set(module, 'closed');
    }
    for (const module of modules) order(module, []);
  }

  /// Removes import and export from the text; the constants go to the top of the factory.
  function rewrite(module, edits) {
    for (const node of module.ast.body) {
      switch (node.type) {
        case 'ImportDeclaration': case 'ExportAllDeclaration': edits.remove(node.start, node.end); break;
        case 'ExportNamedDeclaration':
          edits.remove(node.start, node.declaration ? node.declaration.start : node.end);
          break;
        case 'ExportDefaultDeclaration': {
          edits.remove(node.start, node.declaration.start);
          if (node.declaration.id) break;
          edits.open(node.declaration.start, 'const $default=(');
          node.$closeDefault = true;
          break;
        }
      }
    }
  }

  const opening = module => (module.constants ?? []).join('');
  const closing = module => `return{${[...module.exports].map(([name, text]) => `${JSON.stringify(name)}:${text}`).join(',')}}`;

  return { collectExports, link, rewrite, opening, closing };
})();
