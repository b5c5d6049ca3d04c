import { model, query, reject } from 'etm:dapp'

const names = model('Name')

export const greeting = query({ path: 'greeting/:name', params: { name: 'string(32)' } }, async (ctx, { name }) => {
  const record = await names.get({ name }) ?? reject('nobody registered {name}', { name })
  return { text: `Hello, ${name}!`, ...record }
})

export const owned = query({ path: 'names/:owner', params: { owner: 'address', after: 'string(32)?' } }, async (ctx, { owner, after }) => ({
  names: await names.find({ where: { owner }, limit: 50, after }),
}))

export const summary = query({ path: 'summary' }, async ctx => ({ names: await names.count(), height: ctx.height }))
