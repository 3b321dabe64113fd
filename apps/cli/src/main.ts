import { WrongUsage, type Command } from './command.js'
import { courseCheck } from './course-check.js'
import { doctor } from './doctor.js'
import { receiptRotateKey } from './receipt-rotate-key.js'
import { receiptVerify } from './receipt-verify.js'

const commands: readonly Command[] = [courseCheck, doctor, receiptVerify, receiptRotateKey]

const signature = ({ name, takes }: Command) => `${name} ${takes}`.trimEnd()
const width = Math.max(...commands.map((command) => signature(command).length))
const usage = `Usage: cooperage <command>

${commands.map((command) => `  ${signature(command).padEnd(width)}   ${command.does}`).join('\n')}

Exit codes: 0 all is well, 1 faults were found, 2 wrong usage.`

const isWrongUsage = (error: unknown): error is Error =>
  error instanceof WrongUsage ||
  (error instanceof TypeError && String(Reflect.get(error, 'code')).startsWith('ERR_PARSE_ARGS_'))

async function main(typed: string[]): Promise<number> {
  if (typed[0] === undefined || typed[0] === '--help' || typed[0] === 'help') {
    console.log(usage)
    return 0
  }
  const command = commands.find(({ name }) => name.split(' ').every((word, index) => typed[index] === word))
  if (!command) {
    console.error(`cooperage: not a command: ${typed.join(' ')}\n\n${usage}`)
    return 2
  }
  try {
    return await command.run(typed.slice(command.name.split(' ').length))
  } catch (error) {
    if (!isWrongUsage(error)) throw error
    console.error(`cooperage ${command.name}: ${error.message}\n\nUsage: cooperage ${signature(command)}`)
    return 2
  }
}

process.exitCode = await main(process.argv.slice(2))
