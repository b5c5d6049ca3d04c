import { contract, model, reject } from 'etm:dapp'

const tokens = model('Token')
const accounts = model('Account')
const allowances = model('Allowance')

const token = async () => await tokens.get({ id: 0 }) ?? reject('the token is not created yet')
const balanceOf = async address => (await accounts.get({ address }))?.balance ?? 0n

const onlyOwner = async ctx => {
  const state = await token()
  if (state.owner !== ctx.sender) reject('only {owner} may do this', state)
  return state
}
const running = async () => {
  const state = await token()
  if (state.paused) reject('transfers are paused')
}
const move = async (ctx, from, to, amount) => {
  const held = await balanceOf(from)
  if (held < amount) reject('{from} holds {held} and needs {amount}', { from, held, amount })
  await accounts.put({ address: from, balance: held - amount })
  await accounts.put({ address: to, balance: await balanceOf(to) + amount })
  ctx.emit('transfer', { from, to, amount })
}

// The first caller becomes the owner and gets the whole supply.
export const create = contract({ args: { name: 'string(32)', symbol: 'string(8)', decimals: 'uint', supply: 'amount' } }, async (ctx, { name, symbol, decimals, supply }) => {
  if (await tokens.exists({ id: 0 })) reject('the token exists already')
  if (decimals > 18) reject('decimals must be at most 18')
  await tokens.put({ id: 0, owner: ctx.sender, name, symbol, decimals, supply, paused: false })
  await accounts.put({ address: ctx.sender, balance: supply })
  ctx.emit('created', { name, symbol, supply, owner: ctx.sender })
})

export const mint = contract({ args: { to: 'address', amount: 'amount' } }, async (ctx, { to, amount }) => {
  const state = await onlyOwner(ctx)
  await tokens.put({ ...state, supply: state.supply + amount })
  await accounts.put({ address: to, balance: await balanceOf(to) + amount })
  ctx.emit('mint', { to, amount })
})

export const burn = contract({ args: { amount: 'amount' } }, async (ctx, { amount }) => {
  const state = await token()
  const held = await balanceOf(ctx.sender)
  if (held < amount) reject('you hold {held}, {amount} cannot be burned', { held, amount })
  await accounts.put({ address: ctx.sender, balance: held - amount })
  await tokens.put({ ...state, supply: state.supply - amount })
  ctx.emit('burn', { from: ctx.sender, amount })
})

export const transfer = contract({ args: { to: 'address', amount: 'amount' } }, async (ctx, { to, amount }) => {
  await running()
  await move(ctx, ctx.sender, to, amount)
})

// Lets `spender` move up to `amount` of the caller's tokens; 0 takes the permission back.
export const approve = contract({ args: { spender: 'address', amount: 'amount' } }, async (ctx, { spender, amount }) => {
  const id = `${ctx.sender}/${spender}`
  if (amount === 0n) await allowances.delete({ id })
  else await allowances.put({ id, owner: ctx.sender, spender, amount })
  ctx.emit('approval', { owner: ctx.sender, spender, amount })
})

export const transferFrom = contract({ args: { from: 'address', to: 'address', amount: 'amount' } }, async (ctx, { from, to, amount }) => {
  await running()
  const id = `${from}/${ctx.sender}`
  const allowed = await allowances.get({ id }) ?? reject('{from} did not allow you anything', { from })
  if (allowed.amount < amount) reject('{from} allowed {left}, {amount} is too much', { from, left: allowed.amount, amount })
  await allowances.put({ ...allowed, amount: allowed.amount - amount })
  await move(ctx, from, to, amount)
})

export const pause = contract({ args: { paused: 'bool' } }, async (ctx, { paused }) => {
  const state = await onlyOwner(ctx)
  await tokens.put({ ...state, paused })
  ctx.emit('paused', { paused })
})
