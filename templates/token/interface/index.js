import { model, query, reject } from 'etm:dapp'

const tokens = model('Token')
const accounts = model('Account')
const allowances = model('Allowance')

export const supply = query({ path: 'supply' }, async () => await tokens.get({ id: 0 }) ?? reject('the token is not created yet'))

export const balance = query({ path: 'balance/:address', params: { address: 'address' } }, async (ctx, { address }) => ({
  address,
  balance: (await accounts.get({ address }))?.balance ?? 0n,
}))

export const allowance = query({ path: 'allowance/:owner/:spender', params: { owner: 'address', spender: 'address' } }, async (ctx, { owner, spender }) => ({
  owner,
  spender,
  amount: (await allowances.get({ id: `${owner}/${spender}` }))?.amount ?? 0n,
}))

export const holders = query({ path: 'holders', params: { after: 'address?' } }, async (ctx, { after }) => ({
  accounts: await accounts.find({ limit: 100, after }),
  total: await accounts.count(),
}))
