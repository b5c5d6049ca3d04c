'use strict';
// Assertions. Each knows what was expected, what was there, and the line of the test that said so.

const $refuse = (message, said, details) => {
  throw $failureOf('AssertionError', said === undefined ? message : `${said}: ${message}`, details);
};

/// Whether an error is the expected one; undefined, or what is wrong with it.
const $mismatch = (error, wanted) => {
  if (wanted === undefined) return undefined;
  const text = error instanceof $Error ? `${error.message}` : `${$show(error)}`;
  if ($isPattern(wanted)) return $matches(wanted, text) ? undefined : `the message ${$show(text)} does not match ${$show(wanted)}`;
  if (typeof wanted === 'string') return text.includes(wanted) ? undefined : `the message ${$show(text)} does not contain ${$show(wanted)}`;
  if (typeof wanted === 'function') return error instanceof wanted ? undefined : `${$show(error)} is no ${wanted.name}`;
  for (const name of $keys(wanted)) {
    const found = $isObject(error) ? error[name] : undefined, want = wanted[name];
    const fits = $isPattern(want) ? typeof found === 'string' && $matches(want, found) : $same(found, want);
    if (!fits) return `its ${name} is ${$show(found)}, not ${$show(want)}`;
  }
  return undefined;
};

const $assert = (value, message) => { if (!value) $refuse(message ?? `${$show(value)} is not true`); };

const $assertions = {
  ok(value, message) { if (!value) $refuse(message ?? `${$show(value)} is not true`); },
  equal(actual, expected, message) {
    if (!$same(actual, expected)) $refuse('values differ', message, { expected: $show(expected), actual: $show(actual) });
  },
  notEqual(actual, unexpected, message) {
    if ($same(actual, unexpected)) $refuse(`both are ${$show(actual)}`, message);
  },
  match(text, pattern, message) {
    if (typeof text !== 'string' || !$matches(pattern, text)) $refuse(`${$show(text)} does not match ${$show(pattern)}`, message);
  },
  includes(whole, part, message) {
    const has = typeof whole === 'string' ? whole.includes(part) : $isArray(whole) && whole.some(item => $same(item, part));
    if (!has) $refuse(`${$show(whole)} does not contain ${$show(part)}`, message);
  },
  throws(work, wanted, message) {
    let error, threw = false;
    try { work(); } catch (thrown) { error = thrown; threw = true; }
    if (error === $over || $halt !== null) throw error;
    if (!threw) $refuse('nothing was thrown', message);
    const wrong = $mismatch(error, wanted);
    if (wrong !== undefined) $refuse(wrong, message);
    return error;
  },
  rejects(promise, wanted, message) {
    const place = $p;
    const work = async () => {
      let error, threw = false, value;
      try { value = await (typeof promise === 'function' ? promise() : promise); } catch (thrown) { error = thrown; threw = true; }
      if (error === $over || $halt !== null) throw error;
      if (!threw) $refuse(`nothing was refused; it gave ${$show(value)}`, message, { place });
      const wrong = $mismatch(error, wanted);
      if (wrong !== undefined) $refuse(wrong, message, { place, contract: $details.get(error)?.contract });
      return error;
    };
    return $watched(work(), 'assert.rejects');
  },
  fail(message) { $refuse(message ?? 'failed'); },
};
$assertions.deepEqual = $assertions.equal;
$assertions.notDeepEqual = $assertions.notEqual;
for (const name of $keys($assertions)) Object.defineProperty($assert, name, { value: $assertions[name], enumerable: true });
