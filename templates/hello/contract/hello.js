import { contract, model, reject } from 'etm:dapp'

const names = model('Name')

// Gives a name to the account that signs. A name belongs to whoever came first.
export const register = contract({ args: { name: 'string(32)' } }, async (ctx, { name }) => {
  if (name.trim() !== name || name === '') reject('a name has no spaces around it')
  const taken = await names.get({ name })
  if (taken) reject('{name} belongs to {owner} since block {height}', taken)
  await names.put({ name, owner: ctx.sender, height: ctx.height })
  ctx.emit('registered', { name, owner: ctx.sender })
  return { name, owner: ctx.sender }
})

// Gives a name away.
export const transfer = contract({ args: { name: 'string(32)', to: 'address' } }, async (ctx, { name, to }) => {
  const record = await names.get({ name }) ?? reject('nobody registered {name}', { name })
  if (record.owner !== ctx.sender) reject('{name} is not yours', { name })
  await names.put({ ...record, owner: to })
  ctx.emit('transferred', { name, from: ctx.sender, to })
})
