import { contract, model, random, reject } from 'etm:dapp'

const pools = model('Pool')
const entries = model('Entry')

const poolOf = async id => await pools.get({ id }) ?? reject('there is no pool {id}', { id })

// Opens a pool; each entry costs `price`.
export const open = contract({ args: { price: 'amount' } }, async (ctx, { price }) => {
  const id = await pools.count() + 1
  await pools.put({ id, owner: ctx.sender, price, pot: 0n, entries: 0, after: 0, round: 0 })
  ctx.emit('opened', { id, price })
  return { id }
})

// Buys one entry.
export const enter = contract({ args: { id: 'uint' } }, async (ctx, { id }) => {
  const pool = await poolOf(id)
  if (pool.after !== 0) reject('pool {id} is closed', { id })
  if (pool.price > 0n) await ctx.pay({ from: ctx.sender, to: ctx.self, amount: pool.price })
  await entries.put({ id: `${id}/${pool.entries}`, pool: id, who: ctx.sender })
  await pools.put({ ...pool, entries: pool.entries + 1, pot: pool.pot + pool.price })
  ctx.emit('entered', { id, who: ctx.sender, entry: pool.entries })
})

// Ends the sale and binds the draw to a round of the main chain that has not begun: from here on, nobody can change
// the entries and nobody knows the outcome.
export const close = contract({ args: { id: 'uint' } }, async (ctx, { id }) => {
  const pool = await poolOf(id)
  if (pool.owner !== ctx.sender) reject('only {owner} closes pool {id}', pool)
  if (pool.after !== 0) reject('pool {id} is closed', { id })
  if (pool.entries === 0) reject('nobody entered pool {id}', { id })
  const { after } = random.commit()
  await pools.put({ ...pool, after })
  ctx.emit('closed', { id, after })
  return { after }
})

// Names the winner and pays it, once the round has ended. Anybody may call it: nobody can hold an outcome back.
export const draw = contract({ args: { id: 'uint' } }, async (ctx, { id }) => {
  const pool = await poolOf(id)
  if (pool.after === 0) reject('pool {id} is still open', { id })
  if (pool.round !== 0) reject('pool {id} was drawn', { id })
  const chance = random.draw({ after: pool.after }, `pool ${id}`)
  const entry = chance.integer(0, pool.entries - 1)
  const winner = (await entries.get({ id: `${id}/${entry}` })).who
  if (pool.pot > 0n) await ctx.pay({ from: ctx.self, to: winner, amount: pool.pot })
  await pools.put({ ...pool, winner, round: chance.round })
  ctx.emit('drawn', { id, entry, winner, round: chance.round })
  return { entry, winner, round: chance.round }
})
