'use strict';
// etm:test: what test files register, and how the host has it run.

const $tests = [], $brokenFiles = [];
let $groups = [], $isOpen = true;

const $register = (kind, name, rest) => {
  if (!$isOpen) throw $failureOf('TestError', `${kind} is called while a test runs; call it at the top of a file or in describe`);
  if (typeof name !== 'string' || name.trim() === '') throw $failureOf('TestError', `${kind} takes a name and a function`);
  if ($tests.length >= 10000) throw $failureOf('TestError', 'there are more than 10,000 tests');
  if (typeof rest.body !== 'function') throw $failureOf('TestError', `${kind}(${$show(name)}) has no function`);
  $tests.push({ kind, name: [...$groups, name].join(' › '), place: $p, ...rest });
};
const $count = (value, standard, what) => {
  if (value === undefined) return standard;
  if (typeof value !== 'number' || !$safeInteger(value) || value < 1 || value > 100000) throw $failureOf('TestError', `${what} is ${$show(value)}, not a whole number from 1 to 100,000`);
  return value;
};

const $describeGroup = (name, body) => {
  if (typeof name !== 'string' || typeof body !== 'function') throw $failureOf('TestError', 'describe takes a name and a function');
  const before = $groups;
  $groups = [...before, name];
  try {
    if (body() instanceof $Promise) throw $failureOf('TestError', `describe(${$show(name)}) takes a function without async`);
  } finally { $groups = before; }
};

/// State that is made once and restored from a snapshot afterwards; what the function gave is given again.
const $fixture = body => {
  if (typeof body !== 'function') throw $failureOf('TestError', 'fixture takes a function');
  let made;
  return async () => {
    if (made === undefined) {
      $request({ do: 'revert', snapshot: 0 });
      const value = await body();
      made = { value, snapshot: $request({ do: 'snapshot' }).snapshot };
    } else {
      $request({ do: 'revert', snapshot: made.snapshot });
    }
    return made.value;
  };
};

const $fuzz = (name, shape, body, options = {}) => {
  if (!$isObject(shape) || $isArray(shape)) throw $failureOf('TestError', `fuzz(${$show(name)}) takes an object of names and types`);
  for (const key of $keys(shape)) $generatorFor(shape[key]);
  $register('fuzz', name, { shape, body, runs: $count(options.runs, 100, 'runs') });
};
const $between = (least, most, kind) => {
  const { check, big } = $kinds[kind], low = check(least), high = check(most);
  if (low === undefined || high === undefined || low > high) throw $failureOf('FuzzError', `fuzz.${kind}(least, most) takes two numbers in order`);
  return $numbers(low, high, big ? [0n, -1n, ...$powers] : [0, -1, ...$smallPowers], big === true);
};
const $fuzzTools = {
  uint: (least = 0, most = Number.MAX_SAFE_INTEGER) => $between(least, most, 'uint'),
  int: (least = Number.MIN_SAFE_INTEGER, most = Number.MAX_SAFE_INTEGER) => $between(least, most, 'int'),
  amount: (least = 0n, most = $amountMost) => $between(least, most, 'amount'),
  bigint: (least = -$amountMost, most = $amountMost) => $between(least, most, 'bigint'),
  string: (most = 64) => $texts(most),
  oneOf: (...values) => $choose(values),
  /// Leaves out inputs that the property is not about.
  assume(condition) { if (!condition) throw $unmeant; },
};
for (const name of $keys($fuzzTools)) Object.defineProperty($fuzz, name, { value: $fuzzTools[name], enumerable: true });

const $invariant = (name, body, options = {}) => {
  const { start, calls } = options;
  if (start !== undefined && typeof start !== 'function') throw $failureOf('TestError', 'start is a fixture');
  if (calls !== undefined && !$isArray(calls)) throw $failureOf('TestError', 'calls is a list of methods');
  $register('invariant', name, { body, start, calls, runs: $count(options.runs, 10, 'runs'), depth: $count(options.depth, 20, 'depth') });
};

// Filled before a file is evaluated, since imports become constants.
const $testing = {
  __proto__: null, accounts: {}, assert: $assert, chain: $chainUnderTest, describe: $describeGroup, fixture: $fixture, fuzz: $fuzz,
  invariant: $invariant, it: (name, body) => $register('it', name, { body }),
};

/// Fails when something failed that the test did not wait for.
const $hearAll = async () => {
  const entries = [...$unheard];
  $unheard.clear();
  for (const entry of entries) {
    await entry.settled;
    const { what, place, error } = entry;
    if (error === undefined) continue;
    throw $failureOf(error.name, `nobody waited for ${what}, which failed: ${error.message}`, { ...$details.get(error), place });
  }
};

/// Evaluates the test files; `settings` says what is under test. The answer is JSON.
const $openTests = settings => {
  $revive();
  $known = $parse(settings);
  for (const { name, address } of $known.accounts) $testing.accounts[name] = $freeze({ name, address });
  $freeze($testing.accounts);
  for (let index = 0; index < $paths.length; index++) {
    if (!$paths[index].startsWith('test/') || !$paths[index].endsWith('.test.js')) continue;
    $groups = [];
    $p = index * 262144;
    const before = $tests.length;
    try { $import(index); } catch (error) {
      $tests.length = before;
      $brokenFiles.push({ file: $paths[index], ...$describeError(error, $p) });
    }
    $revive();
    for (let i = before; i < $tests.length; i++) $tests[i].file = $paths[index];
  }
  $isOpen = false;
  return $stringify({ tests: $tests.map(({ file, name, kind, place }) => ({ file, name, kind, at: $host.place(place) })), broken: $brokenFiles });
};

let $verdict = null;
const $pass = () => { $verdict = { ok: true }; };
const $failTest = error => {
  const report = $describeError(error, $p);
  $verdict = { ok: false, ...report, notes: $isObject(error) ? $notes.get(error) : undefined };
};
const $bodies = {
  it: async test => { await test.body(); await $hearAll(); },
  fuzz: (test, seed) => $runProperty(test, seed),
  invariant: (test, seed) => $runWalks(test, seed),
};

/// Runs one test; all of it has happened when the host's call returns.
const $runTest = (index, seed) => {
  $revive();
  $unheard = new Set();
  $p = $tests[index].place;
  $verdict = null;
  // The engine's own `then`: a test that ran into a limit can pay for nothing.
  $apply($then, $bodies[$tests[index].kind]($tests[index], seed), [$pass, $failTest]);
};
const $verdictText = () => {
  $revive();
  return $stringify($verdict ?? { ok: false, name: 'NeverSettled', message: 'The test waits for something that never happens.', at: $host.place($p) });
};

globalThis.entries.openTests = $openTests;
globalThis.entries.runTest = $runTest;
globalThis.entries.verdict = $verdictText;
