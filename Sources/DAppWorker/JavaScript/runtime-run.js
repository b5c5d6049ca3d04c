'use strict';
// What the worker calls: load, start, finish, flush.

const $methods = [], $routes = [];
let $settled = 0, $failure = null;

const $reset = gas => {
  $gas = gas; $d = 0; $p = -1; $halt = null; $left = 0; $at = -1;
  $settled = 0; $failure = null; $journal = []; $records = 0; $instances = [];
};

// Errors become a status, a code and a message; text made by the engine is never part of it.

const $nameOf = error => {
  try {
    const name = error.name;
    return typeof name === 'string' && name.length > 0 && name.length <= 64 ? name : 'Error';
  } catch { return 'Error'; }
};
const $explain = error => {
  if ($halt !== null) return { status: $status.limitReached, code: $halt.code, message: $halt.message };
  if ($gas < 0) return { status: $status.outOfGas, code: 'OutOfGas', message: 'The call used all its gas.' };
  if (typeof error === 'string') return { status: $status.failed, code: 'Error', message: error };
  if (!$isObject(error)) return { status: $status.failed, code: 'Error', message: `The call threw ${error === null ? 'null' : typeof error}.` };
  const verdict = $verdictOf(error);
  if (verdict !== undefined) return verdict;
  if ($hasMade(error)) {
    const message = $descriptor(error, 'message')?.value;
    return { status: $status.failed, code: $nameOf(error), message: typeof message === 'string' ? message : '' };
  }
  if (error instanceof $Error) return { status: $status.failed, code: $nameOf(error), message: '' };
  return { status: $status.failed, code: 'Error', message: 'The call threw an object that is no error.' };
};

const $fail = error => {
  if ($gas >= 0) $checkEngine(error);
  $failure = $explain(error);
  if ($at < 0) $at = $p;
  $settled = 2;
};
const $succeed = value => {
  $d = 0;
  try {
    const text = value === undefined ? undefined : $toJSON(value);
    if (text !== undefined && !$host.returned(text)) $stop('ReturnLimit', 'A call returns too much.');
    $settled = 1;
  } catch (error) { $fail(error); }
};
const $failLater = error => { $d = 0; $fail(error); };

/// Runs a declared function to its first wait; the rest happens before the host's call returns.
const $run = (declaration, values) => {
  const result = declaration.run($context, values);
  if (result instanceof $Promise) $apply($then, result, [$succeed, $failLater]);
  else $succeed(result);
};

const $object = (text, what) => {
  let value;
  $charge(4 + text.length * 2);
  try { value = text.length > 256 ? $contractParse(text) : $parse(text); } catch (error) {
    $f();
    throw $fault($status.badArguments, 'BadArguments', `The ${what} are not JSON.`);
  }
  if (!$isObject(value) || $isArray(value)) throw $fault($status.badArguments, 'BadArguments', `The ${what} must be an object of names and values.`);
  return value;
};

/// Begins one call; `$finish` ends it.
const $start = (index, text, gas, sender) => {
  $reset(gas);
  $isReadOnly = false;
  $sender = sender;
  try {
    $charge(200);
    const method = $methods[index];
    const values = method.read(text === '' ? {} : $object(text, 'arguments'));
    $run($import(method.module)[method.name], values);
  } catch (error) { $fail(error); }
};

/// Commits or undoes the call; gives the gas that is left, or -1 when it failed.
const $finish = () => {
  const isGood = $settled === 1 && $gas >= 0;
  for (let i = $journal.length - 1; i >= 0; i--) {
    const { model, key, old } = $journal[i];
    if (key === $countMark) { if (!isGood) model.count = old; continue; }
    if (!isGood) $mapSet.call(model.rows, key, old);
    if (isGood || model.isSynced) $setAdd.call(model.unsynced, key);
  }
  for (let i = 0; i < $journal.length; i++) $journal[i].model.isSynced = false;
  $journal = [];
  $instances = [];
  return isGood ? $gas : -1;
};

/// Why the call failed: status, gas left, place, code, message.
const $reason = () => {
  let failure = $failure;
  if ($gas < 0) failure = $explain(undefined);
  else if ($settled === 0) failure = { status: $status.failed, code: 'NeverSettled', message: 'The call waits for something that never happens.' };
  return `${failure.status}\n${$halt !== null ? $left : $gas < 0 ? 0 : $gas}\n${$at}\n${failure.code}\n${failure.message}`;
};

/// Forgets what was read; the next delivery may run on another state.
const $begin = height => {
  $height = height;
  for (const model of $models.values()) {
    model.rows = new $Map();
    model.unsynced = new $Set();
    model.isSynced = false;
    model.count = undefined;
  }
};

/// Hands all changed rows to the host.
const $flush = () => {
  $gas = Number.MAX_SAFE_INTEGER;
  for (const model of $models.values()) {
    $sync(model);
    if (model.count !== undefined) $host.write(model.countTable, '', model.count === 0 ? undefined : `${model.count}`);
  }
};

/// Begins one query.
const $ask = (path, text, gas) => {
  $reset(gas);
  $isReadOnly = true;
  $sender = undefined;
  try {
    const values = text === '' ? {} : $object(text, 'parameters'), parts = path.split('/');
    const route = $routes.find(route => route.parts.length === parts.length && route.parts.every((part, i) => part[0] === ':' ? parts[i] !== '' : part === parts[i]));
    if (route === undefined) throw $fault($status.unknownMethod, 'UnknownRoute', `There is no route ${path}.`);
    route.parts.forEach((part, i) => { if (part[0] === ':') values[$slice.call(part, 1)] = parts[i]; });
    $run($import(route.module)[route.name], route.read(values));
  } catch (error) { $fail(error); }
};

// Loading

const $options = (declaration, allowed, what) => {
  const { options, run } = declaration;
  if (!$isObject(options) || typeof run !== 'function') throw $fault($status.failed, 'Declaration', `${what} takes an object and a function.`);
  for (const name of $keys(options)) if (!allowed.includes(name)) throw $fault($status.failed, 'Declaration', `${what} has no option ${name}; it has ${allowed.join(' and ')}.`);
  return options;
};
const $isDecimal = text => {
  if (typeof text !== 'string' || text.length > 40) return false;
  const parts = text.split('.');
  return parts.length <= 2 && $wholeText(parts[0], 0, 20) && (parts.length === 1 || parts[1].length > 0 && parts[1].length <= 18 && $wholeText('1' + parts[1], 0, 19));
};
const $typesText = types => types.map(type => `${type.field}:${type.text}`).join(',');

const $loadContract = (module, path, name, value, lines) => {
  const contract = $slice.call(path, 9, -3), options = $options(value, ['args', 'fee'], `${contract}.${name}`);
  const types = $typesOf(options.args, `args of ${contract}.${name}`);
  if (options.fee !== undefined && !$isDecimal(options.fee)) throw $fault($status.failed, 'Declaration', `fee of ${contract}.${name} is not a decimal such as '0.1'.`);
  $methods.push({ module, name, read: $compileArguments(types, false) });
  lines.push(`contract\t${contract}\t${name}\t${options.fee ?? '-'}\t${$typesText(types)}`);
};
const $isRoute = path => {
  if (typeof path !== 'string' || path.length === 0 || path.length > 256) return false;
  for (let i = 0; i < path.length; i++) { const unit = $unitAt.call(path, i); if (unit <= 32 || unit > 126) return false; }
  return path.split('/').every(part => part !== '' && part !== ':');
};
const $loadRoute = (module, name, value, lines) => {
  const options = $options(value, ['path', 'params'], `query ${name}`), { path } = options;
  if (!$isRoute(path)) throw $fault($status.failed, 'Declaration', `path of ${name} must look like 'greeting/:name'.`);
  const types = $typesOf(options.params, `params of ${name}`), parts = path.split('/');
  for (const part of parts) if (part[0] === ':' && !types.some(type => type.field === $slice.call(part, 1))) throw $fault($status.failed, 'Declaration', `params of ${name} lacks ${$slice.call(part, 1)}.`);
  $routes.push({ module, name, parts, read: $compileArguments(types, true) });
  lines.push(`route\t${name}\t${path}\t${$typesText(types)}`);
};

/// Evaluates every module once and lists what the bundle offers, one line each.
const $open = gas => {
  const lines = [];
  const attempt = (index, work) => {
    $reset(gas);
    $isReadOnly = true;
    $p = index * 262144;
    const place = $p;
    try { work(); } catch (error) {
      const { code, message } = $explain(error);
      $gas = gas;
      lines.push(`finding\t${$at >= 0 ? $at : $p >= 0 ? $p : place}\t${code}\t${$split.call($slice.call(message, 0, 512), '\n').join(' ')}`);
    }
  };
  const inFolder = folder => $paths.map((path, index) => ({ path, index })).filter(({ path }) => path.startsWith(folder));
  for (const { index } of inFolder('model/')) {
    attempt(index, () => {
      const model = $defineModel($import(index).default);
      const names = isUnique => model.indexes.filter(item => item.isUnique === isUnique).map(item => item.field).join(',');
      lines.push(`model\t${model.name}\t${model.key}\t${$typesText(model.fields)}\t${names(true)}\t${names(false)}`);
    });
  }
  for (const { path, index } of inFolder('contract/')) {
    attempt(index, () => {
      const exported = $import(index);
      for (const name of $keys(exported)) if (exported[name]?.kind === 'contract') $loadContract(index, path, name, exported[name], lines);
    });
  }
  for (const { index } of inFolder('interface/')) {
    attempt(index, () => {
      const exported = $import(index);
      for (const name of $keys(exported)) if (exported[name]?.kind === 'query') $loadRoute(index, name, exported[name], lines);
    });
  }
  for (const { index } of inFolder('lib/')) attempt(index, () => { $import(index); });
  return lines.join('\n');
};

const $configure = (self, assets, defaultAsset, recordLimit) => {
  $self = self; $assets = assets.split(','); $defaultAsset = defaultAsset; $recordLimit = recordLimit;
};

// The worker finds its entries here; the last step of loading removes the name.
globalThis.entries = { start: $start, finish: $finish, reason: $reason, begin: $begin, flush: $flush, ask: $ask, open: $open, configure: $configure };
