// What a DApp's code may import and what its functions are given. Editors read this file; nothing runs it.

declare module 'etm:dapp' {
  /** An address: "A" and Base58 text. */
  export type Address = string

  /** Names of the types of arguments, parameters and fields; ? at the end says that the value may be missing. */
  export type TypeName = string
  type Plain<T extends string> = T extends `${infer Name}(${string})` ? Name : T
  type Value<T extends string> =
    Plain<T> extends 'uint' | 'int' ? number :
    Plain<T> extends 'amount' | 'bigint' ? bigint :
    Plain<T> extends 'bool' ? boolean :
    Plain<T> extends 'json' ? any : string
  type Values<Types extends Record<string, TypeName>> =
    { [Name in keyof Types as Types[Name] extends `${string}?` ? never : Name]: Value<Types[Name]> } &
    { [Name in keyof Types as Types[Name] extends `${string}?` ? Name : never]?: Types[Name] extends `${infer Type}?` ? Value<Type> | null : never }

  /** What every call and query is given. It is one frozen object: nothing can be kept in it. */
  export interface Context {
    /** Who sent the call; undefined in a query. */
    readonly sender: Address
    /** The height of the block that the call is in. */
    readonly height: number
    /** The time of that block in Unix milliseconds. */
    readonly time: number
    /** The DApp's own account. */
    readonly self: Address
    /** The id of the call's transaction, 64 hexadecimal digits. */
    readonly transaction: string
    /** Moves base units from the sender or from the DApp's own account. */
    pay(payment: { from: Address, to: Address, amount: bigint | number | string, asset?: string }): void
    /** What an account holds, in base units. */
    balance(address: Address, asset?: string): bigint
    /** Makes an event public; at most 64 a call, of at most 8,192 bytes. */
    emit(name: string, data?: unknown): void
    /** Writes to the node's log; not part of the chain. */
    log(text: unknown): void
  }

  /** Declares a method that transactions call. `fee` is a decimal number of the chain's fee currency. */
  export function contract<Type extends TypeName, Types extends Record<string, Type> = {}>(
    options: { args?: Types, fee?: string },
    run: (ctx: Context, args: Values<Types>) => unknown,
  ): Contract
  export interface Contract { readonly kind: 'contract' }

  /** Declares a route that anybody may read. `path` may name parameters: 'names/:owner'. */
  export function query<Type extends TypeName, Types extends Record<string, Type> = {}>(
    options: { path: string, params?: Types },
    run: (ctx: Context, params: Values<Types>) => unknown,
  ): Query
  export interface Query { readonly kind: 'query' }

  /** What a model file exports as its default. */
  export interface ModelDefinition {
    name: string
    key: string
    fields: Record<string, TypeName>
    unique?: string[]
    index?: string[]
  }

  export type Row = Record<string, any>

  /** Conditions on one field. Nothing but $eq, $ne, $in and $nin holds of a missing value. */
  export interface Conditions {
    $eq?: unknown, $ne?: unknown
    $gt?: unknown, $gte?: unknown, $lt?: unknown, $lte?: unknown
    /** Both ends count. */
    $between?: [unknown, unknown]
    $in?: unknown[], $nin?: unknown[]
    /** % stands for any characters, _ for one, \ for the next as it is. */
    $like?: string
  }
  export interface Where {
    [field: string]: unknown | Conditions
    $and?: Where[], $or?: Where[], $not?: Where
  }
  export interface FindOptions {
    where?: Where
    /** 'field', '-field', or up to four of them; without it rows come in the order of their keys. */
    sort?: string | string[]
    /** 1 to 100; 20 without it. */
    limit?: number
    /** A key, or the `next` of a page with the same sort. */
    after?: unknown
    /** Keys from the last to the first. */
    reverse?: boolean
  }
  export interface Model<Type = Row> {
    /** The row of a key, or of a unique field's value: get({ id: 1 }). */
    get(key: unknown): Type | undefined
    exists(key: unknown): boolean
    /** Adds a row, or takes the place of the one with its key. */
    put(row: Partial<Type>): void
    /** True when there was one. */
    delete(key: unknown): boolean
    find(options?: FindOptions): Type[]
    /** `next` is null behind the last page. */
    page(options?: FindOptions): { rows: Type[], next: string | null }
    count(where?: Where): number
  }
  export function model<Type = Row>(name: string): Model<Type>

  /** Ends the call: nothing it did remains but its fee. {name} in the text is filled from `values`. */
  export function reject(text: string, values?: object): never

  /** A time whose draw nobody can know yet; plain data that a model can keep. */
  export interface Ticket { after: number }
  export interface Draw {
    /** The main chain's round that decided. */
    readonly round: number
    integer(min: number, max: number): number
    integer(min: bigint, max: bigint): bigint
    bytes(count: number): Uint8Array
    pick<Type>(list: Type[]): Type
    shuffle<Type>(list: Type[]): Type[]
    sample<Type>(list: Type[], count: number): Type[]
    sample(range: { min: number, max: number }, count: number): number[]
  }
  /** Chance from the main chain's time tower: commit first, draw when the round has ended. */
  export const random: {
    commit(): Ticket
    ready(ticket: Ticket): boolean
    /** The same for everybody; another label is another draw. Throws NOT_READY before the round has ended. */
    draw(ticket: Ticket, label: string): Draw
  }
}
