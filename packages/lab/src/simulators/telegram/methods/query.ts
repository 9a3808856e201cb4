import { type Call, type Method, namedChat } from '../call.ts'
import { badRequest } from '../errors.ts'
import { facts } from '../files.ts'
import { wireChat } from '../world.ts'

const maxDownloadBytes = 20 * 1024 * 1024
const maxAnswerText = 200
const queryLifeMs = 15 * 60 * 1000

function answerCallbackQuery({ bot, params, world }: Call): unknown {
  const text = params.text('text')
  if (text.length > maxAnswerText) throw badRequest('MESSAGE_TOO_LONG')
  const query = bot.callbackQueries.get(params.text('callback_query_id'))
  if (query === undefined || query.answered || world.now() - query.at > queryLifeMs) {
    throw badRequest('query is too old and response timeout expired or query ID is invalid')
  }
  query.answered = true
  query.text = text
  world.count('callbackAnswers')
  return true
}

function getFile({ bot, params, world }: Call): unknown {
  const fileId = params.text('file_id')
  if (fileId === '') throw badRequest('file_id not specified')
  const record = world.files.find(bot.id, fileId)
  if (record === undefined) throw badRequest('invalid file_id')
  if (record.size > maxDownloadBytes) throw badRequest('file is too big')
  if (world.files.stored(record) === undefined) throw badRequest('wrong file_id or the file is temporarily unavailable')
  return { ...facts(record), file_path: record.path }
}

function getUserProfilePhotos({ bot, params, world }: Call): unknown {
  const id = params.text('user_id')
  if (!/^\d{1,16}$/.test(id)) throw badRequest('invalid user_id specified')
  const guest = world.guests.get(Number(id))
  if (guest === undefined) throw badRequest('user not found')
  const offset = params.integer('offset', 0, 0, 1_000_000)
  const limit = params.integer('limit', 100, 1, 100)
  const stored = guest.avatars.map(avatar => world.context.media.get(avatar)).filter(avatar => avatar !== undefined)
  return { total_count: stored.length, photos: stored.slice(offset, offset + limit).map(avatar => world.files.registerPhoto(bot.id, avatar)) }
}

function getChat(call: Call): unknown {
  const { guest } = namedChat(call)
  const { world, bot } = call
  const avatar = guest.avatars[0] === undefined ? undefined : world.context.media.get(guest.avatars[0])
  const sizes = avatar === undefined ? undefined : world.files.registerPhoto(bot.id, avatar)
  const small = sizes?.[0]
  const big = sizes?.at(-1)
  return {
    ...wireChat(guest),
    accent_color_id: 0,
    max_reaction_count: 11,
    ...(small === undefined || big === undefined
      ? {}
      : {
          photo: {
            small_file_id: small.file_id,
            small_file_unique_id: small.file_unique_id,
            big_file_id: big.file_id,
            big_file_unique_id: big.file_unique_id,
          },
        }),
  }
}

export const queryMethods: Readonly<Record<string, Method>> = { answerCallbackQuery, getFile, getUserProfilePhotos, getChat }
