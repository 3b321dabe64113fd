import { courseCheck } from './course-check.js'

const usage = `Usage: cooperage <command>

  course check <folder>   read a course folder and print every fault with file and line

Exit codes: 0 all is well, 1 faults were found, 2 wrong usage.`

const [command, ...rest] = process.argv.slice(2)
const [action, folder, ...more] = rest

if (command === 'course' && action === 'check' && folder !== undefined && more.length === 0) {
  process.exitCode = await courseCheck(folder, console.log)
} else if (command === undefined || command === '--help' || command === 'help') {
  console.log(usage)
} else {
  console.error(`cooperage: not a command: ${[command, ...rest].join(' ')}\n\n${usage}`)
  process.exitCode = 2
}
