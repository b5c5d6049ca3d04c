'use strict';
// Properties: for all inputs of a shape (fuzz), and after every call of a random walk (invariant).

/// Thrown by fuzz.assume: this input is not meant.
const $unmeant = Object.freeze({ unmeant: true });

/// Runs a body and gives { error } when it fails.
const $failing = async body => {
  $unheard.clear();
  $d = 0;
  try {
    await body();
    await $hearAll();
    return undefined;
  } catch (error) {
    if (error === $unmeant) return undefined;
    if (error === $over || $halt !== null) {
      const { message, at } = $describeError(error, $p);
      return { error: $failureOf('LimitReached', message, { at }) };
    }
    if ($isObject(error) && !$details.has(error)) $details.set(error, { place: $p });
    return { error };
  }
};

const $runProperty = async (test, seed) => {
  const random = $randomFrom(`${seed}/${test.name}`), names = $keys(test.shape), generators = {};
  for (const name of names) generators[name] = $generatorFor(test.shape[name]);
  const start = $request({ do: 'snapshot' }).snapshot;
  const failure = values => {
    $request({ do: 'revert', snapshot: start });
    return $failing(() => test.body({ ...values }));
  };
  for (let run = 1; run <= test.runs; run++) {
    const values = $makeAll(generators, random, 4 + Math.floor(run * 60 / test.runs));
    const first = await failure(values);
    if (first === undefined) continue;
    const least = await $least(values, first.error, item => $shrinkAll(generators, item), failure);
    throw $withNotes(least.error, [`run ${run} of ${test.runs}, shrunk to ${$show(least.value)}`]);
  }
};

// Walks

const $stepText = step => {
  const account = $known.accounts.find(item => item.address === step.from);
  return `${step.name}(${$show(step.args)}) by ${account ? account.name : step.from}`;
};

const $walkMethods = calls => {
  const all = $known.methods.map(item => ({ ...item, name: `${item.contract}.${item.method}` }));
  if (calls === undefined) return all;
  for (const wanted of calls) {
    if (!all.some(item => item.name === wanted || item.method === wanted)) throw $failureOf('FuzzError', `there is no method ${$show(wanted)}; there are ${all.map(item => item.name).join(', ')}`);
  }
  return all.filter(item => calls.includes(item.name) || calls.includes(item.method));
};

/// Shorter walks first, then simpler arguments and earlier accounts.
const $shorterWalks = (steps, methods) => {
  const found = [];
  for (let size = steps.length >> 1; size > 0; size >>= 1) {
    for (let from = 0; from + size <= steps.length; from += size) found.push([...steps.slice(0, from), ...steps.slice(from + size)]);
  }
  steps.forEach((step, i) => {
    const method = methods.find(item => item.name === step.name);
    const put = changed => [...steps.slice(0, i), { ...step, ...changed }, ...steps.slice(i + 1)];
    for (const args of $shrinkAll(method.generators, step.args)) found.push(put({ args }));
    const place = $known.accounts.findIndex(item => item.address === step.from);
    for (let earlier = 0; earlier < place; earlier++) found.push(put({ from: $known.accounts[earlier].address }));
  });
  return found;
};

const $runWalks = async (test, seed) => {
  const random = $randomFrom(`${seed}/${test.name}`);
  const methods = $walkMethods(test.calls).map(item => {
    const generators = {};
    for (const { name, type } of item.args) generators[name] = $generatorFor(type);
    return { ...item, generators };
  });
  if (methods.length === 0) throw $failureOf('FuzzError', 'the contracts declare no methods');
  if (test.start !== undefined) await test.start();
  const start = $request({ do: 'snapshot' }).snapshot;
  /// The walk as far as it goes well; `steps` gives the next step, or undefined at the end.
  const walk = async steps => {
    $request({ do: 'revert', snapshot: start });
    const taken = [], check = () => $failing(() => test.body());
    let failed = await check();
    for (let i = 0; failed === undefined; i++) {
      const step = steps(i);
      if (step === undefined) return undefined;
      taken.push(step);
      $runBlock([$orderOf(step.name, step.args, { from: step.from })]);
      failed = await check();
    }
    return { error: failed.error, steps: taken };
  };
  for (let run = 1; run <= test.runs; run++) {
    const first = await walk(i => {
      if (i >= test.depth) return undefined;
      const method = random.pick(methods), size = random.pick([4, 8, 16, 64]);
      return { name: method.name, args: $makeAll(method.generators, random, size), from: random.pick($known.accounts.slice(0, 4)).address };
    });
    if (first === undefined) continue;
    const least = await $least(first.steps, first.error, steps => $shorterWalks(steps, methods), steps => walk(i => steps[i]));
    const count = least.value.length;
    throw $withNotes(least.error, [
      count === 0 ? 'it does not hold before any call' : `walk ${run} of ${test.runs}, shrunk to ${count} call${count === 1 ? '' : 's'}:`,
      ...least.value.map(step => `  ${$stepText(step)}`),
    ]);
  }
};

const $notes = new WeakMap();
const $withNotes = (error, lines) => {
  const object = $isObject(error) ? error : $failureOf('Error', `the test threw ${$show(error)}`);
  $notes.set(object, lines);
  return object;
};
