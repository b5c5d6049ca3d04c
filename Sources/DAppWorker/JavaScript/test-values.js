'use strict';
// Values of tests: how they are shown, compared, and remembered with the place where they went wrong.

/// What the host knows of the chain under test; `openTests` fills it.
let $known = { accounts: [], models: {}, methods: [], address: '' };

/// Makes the engine usable again after a test ran into a limit.
const $revive = () => { $gas = Number.MAX_SAFE_INTEGER; $halt = null; $d = 0; };

const $isPattern = value => $isObject(value) && $apply($tagOf, value, []) === '[object RegExp]';
const $matches = (pattern, text) => { pattern.lastIndex = 0; return $apply($test, pattern, [text]); };

/// A value as a person would write it, at most about 300 characters.
const $show = (value, level = 0, seen = []) => {
  switch (typeof value) {
    case 'string': return $showText(value);
    case 'bigint': return `${value}n`;
    case 'number': return Object.is(value, -0) ? '-0' : `${value}`;
    case 'function': return value.name ? `function ${value.name}` : 'a function';
    case 'symbol': return 'a symbol';
    case 'undefined': case 'boolean': return `${value}`;
  }
  if (value === null) return 'null';
  if (value instanceof $Error) return `${$nameOf(value)}: ${value.message}`;
  if ($isPattern(value)) return `/${value.source}/${value.flags}`;
  if (seen.includes(value)) return '…';
  if (level > 4) return $isArray(value) ? '[…]' : '{…}';
  seen = [...seen, value];
  const inner = item => $show(item, level + 1, seen);
  let parts, open = '{ ', close = ' }';
  if ($isArray(value)) { parts = $firstOf(value, 20, inner); open = '['; close = ']'; }
  else if (value instanceof Map) { parts = $firstOf([...value], 20, ([key, item]) => `${inner(key)} => ${inner(item)}`); open = 'Map { '; }
  else if (value instanceof Set) { parts = $firstOf([...value], 20, inner); open = 'Set { '; }
  else if (value instanceof Date) return `Date ${value.getTime()}`;
  else parts = $firstOf($keys(value), 20, name => `${$isIdentifier(name) ? name : $stringify(name)}: ${inner(value[name])}`);
  return parts.length === 0 ? open.trim() + close.trim() : open + parts.join(', ') + close;
};
const $firstOf = (list, count, show) => {
  const parts = list.slice(0, count).map(show);
  if (list.length > count) parts.push(`… ${list.length - count} more`);
  return parts;
};
const $showText = text => {
  const account = $known.accounts.find(item => item.address === text);
  if (account) return `${account.name}.address`;
  return text.length > 200 ? `${$stringify(text.slice(0, 200))}… (${text.length} characters)` : $stringify(text);
};

/// Equality of content: types differ, 0 and -0 do not, NaN equals itself.
const $same = (a, b, pairs = []) => {
  if (a === b) return true;
  if (typeof a === 'number' && typeof b === 'number') return a !== a && b !== b;
  if (!$isObject(a) || !$isObject(b) || typeof a === 'function' || typeof b === 'function') return false;
  if (pairs.some(([left, right]) => left === a && right === b)) return true;
  pairs = [...pairs, [a, b]];
  const both = test => test(a) && test(b), either = test => test(a) || test(b);
  if (either($isArray)) return both($isArray) && a.length === b.length && a.every((item, i) => $same(item, b[i], pairs));
  if (either(value => value instanceof Date)) return both(value => value instanceof Date) && a.getTime() === b.getTime();
  if (either(value => value instanceof $Error)) return both(value => value instanceof $Error) && a.name === b.name && a.message === b.message;
  if (either(value => value instanceof Map)) {
    return both(value => value instanceof Map) && a.size === b.size && [...a].every(([key, item]) => b.has(key) && $same(item, b.get(key), pairs));
  }
  if (either(value => value instanceof Set)) return both(value => value instanceof Set) && a.size === b.size && [...a].every(item => b.has(item));
  const names = $keys(a);
  return names.length === $keys(b).length && names.every(name => $hasOwn(b, name) && $same(a[name], b[name], pairs));
};

// Errors

/// What a report needs besides name and message: expected, actual, place, contract.
const $details = new WeakMap();
const $failureOf = (name, message, details) => {
  const error = new $Error(message);
  Object.defineProperty(error, 'name', { value: name, writable: true, configurable: true, enumerable: false });
  $addMade(error);
  $details.set(error, { place: $p, ...details });
  return error;
};

/// The engine quotes compiled code, which is not what the author wrote.
const $plainMessage = text => { const at = text.indexOf(' (evaluating '); return at < 0 ? text : text.slice(0, at); };

/// What to report about anything that was thrown.
const $describeError = (error, fallback) => {
  if (error === $over || $halt !== null) {
    const text = $halt === null ? 'The test ran into a limit.' : $halt.message, place = $at >= 0 ? $at : fallback;
    $revive();
    return { name: 'LimitReached', message: text, at: $host.place(place) };
  }
  const details = $isObject(error) ? $details.get(error) : undefined;
  const place = details?.place >= 0 ? details.place : fallback;
  if (!(error instanceof $Error)) return { name: 'Error', message: `The test threw ${$show(error)}.`, at: $host.place(place) };
  const { expected, actual, contract } = details ?? {};
  return { name: $nameOf(error), message: $plainMessage(`${error.message}`), at: $host.place(place), expected, actual, contract };
};

/// Failures are alike when they have a name, and a contract's code and place, in common.
const $kindOf = error => {
  if (!$isObject(error)) return typeof error;
  return `${$nameOf(error)} ${error.code ?? ''} ${$details.get(error)?.contract ?? ''}`;
};

// Promises that somebody must wait for

let $unheard = new Set();

/// A promise whose failure counts even when the test does not wait for it.
const $watched = (promise, what) => {
  const entry = { what, place: $p, error: undefined };
  $unheard.add(entry);
  entry.settled = $apply($then, promise, [() => {}, error => { entry.error = error; }]);
  const hear = () => { $unheard.delete(entry); };
  return Object.freeze({
    then(done, failed) { hear(); return promise.then(done, failed); },
    catch(failed) { hear(); return promise.catch(failed); },
    finally(last) { hear(); return promise.finally(last); },
  });
};
