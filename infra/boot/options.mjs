// The command line of `npm start` and `npm test`, and the environment that stands in for it.

import path from 'node:path'
import { Trouble } from './trouble.mjs'

/**
 * @typedef {object} StartOptions
 * @property {'start'} command
 * @property {boolean} help
 * @property {number} port
 * @property {string} host
 * @property {string[]} courses absolute paths of course folders, beside the built-in one
 * @property {boolean} demo
 * @property {boolean} labs
 * @property {string} data absolute path of the state folder
 * @property {boolean} rebuild
 *
 * @typedef {object} TestOptions
 * @property {'test'} command
 * @property {boolean} help
 * @property {boolean} skipEngine
 * @property {string[]} only names of the stages to run; empty for all
 * @property {boolean} rebuild
 * @property {string[]} rest what goes to jest and playwright as it is
 */

export const startHelp = `npm start: runs Cooperage on this machine, with everything that it needs.

  npm start -- [options]

  --port <number>     the port of the site (default 3000, or PORT)
  --host <address>    the address to listen on (default 127.0.0.1, or HOST; 0.0.0.0 lets the network in)
  --course <folder>   a further course folder; may be given again (or COOPERAGE_COURSES, separated by colons)
  --data <folder>     where all data is kept (default .cooperage in this folder)
  --no-demo           no demonstration cohort and people; a one-time link makes the first admin
  --no-labs           no labs: neither engine nor worker is started
  --rebuild           install the dependencies and build everything again
  --help              this text

Environment, each instead of something that would be started for you:
  DATABASE_URL        a PostgreSQL database (15 or newer)
  REDIS_URL           a Redis (6.2 or newer) or Valkey
  DOCKER_HOST         a Docker Engine for the labs (unix:// or tcp://), better not one that does other work

Further environment:
  PUBLIC_URL          the address that browsers use, when a proxy stands in front
  TRUSTED_PROXIES     with PUBLIC_URL: addresses of that proxy, whose X-Forwarded-For is believed (127.0.0.1,10.0.0.0/8);
                      without it, everybody counts as one address when wrong passwords are counted
  WORKER_REDIS_URL    with REDIS_URL: the same Redis with a user for the worker alone
  LAB_CONCURRENCY     how many submissions are graded at the same time
  LAB_MEMORY_MB       memory that gradings may take together (MiB); three quarters of the lab host's unless you say otherwise
  LAB_RUNTIME         runsc: labs run under gVisor, which has to be installed; it costs time (docs/operating.md);
  RUNSC_PATH          its program, if it is not on the path;
  RUNSC_PLATFORM      systrap, kvm or ptrace, if not what is found to work
  LAB_WARM_MAX        containers that wait for a submission (16), and
  LAB_WARM_MEMORY_MB  what they may take together (256)
  COOPERAGE_DEBUG     set to 1: an error that nobody foresaw prints where it happened

Ctrl-C stops all of it. The data stays.
`

export const testHelp = `npm test: runs every check of this repository and prints one closing line.

  npm test -- [options] [-- arguments for jest and playwright]

  --skip-engine       leave out what needs a Docker Engine (says so, loudly)
  --only <stage>      run this stage alone; may be given again:
                      typecheck, lint, format, boundaries, unused, unit, integration, attacks, browser
  --rebuild           install the dependencies and build everything again
  --help              this text

Environment: CHROMIUM_PATH (a Chromium or Chrome), DOCKER_HOST (an engine for the tests, instead of a private one),
RUNSC_PATH, RUNSC_PLATFORM (gVisor, under which some run a second time).
`

const stages = [
  'typecheck',
  'lint',
  'format',
  'boundaries',
  'unused',
  'unit',
  'integration',
  'attacks',
  'browser',
]

/**
 * @param {string[]} argv without node and the script; the first is the command
 * @param {NodeJS.ProcessEnv} env
 * @param {string} root the repository
 * @param {string} cwd relative paths are relative to this
 * @returns {StartOptions | TestOptions}
 * @throws {Trouble} on an option that is not known or has no sensible value
 */
export function parseOptions(argv, env, root, cwd) {
  const [command, ...given] = argv
  if (command === 'start') return parseStart(given, env, root, cwd)
  if (command === 'test') return parseTest(given)
  throw new Trouble(`"${command ?? ''}" is not a command.`, 'Use `npm start` or `npm test`.')
}

/** @param {string[]} given @param {NodeJS.ProcessEnv} env @param {string} root @param {string} cwd @returns {StartOptions} */
function parseStart(given, env, root, cwd) {
  /** @type {StartOptions} */
  const options = {
    command: 'start',
    help: false,
    port: readPort(env.PORT || '3000', 'PORT'),
    host: env.HOST || '127.0.0.1',
    courses: (env.COOPERAGE_COURSES ?? '')
      .split(':')
      .filter(Boolean)
      .map((folder) => path.resolve(cwd, folder)),
    demo: true,
    labs: true,
    data: path.join(root, '.cooperage'),
    rebuild: false,
  }
  for (const { name, value } of eachOption(given, ['--port', '--host', '--course', '--data'], 'npm start')) {
    if (name === '--port') options.port = readPort(value, '--port')
    else if (name === '--host') options.host = value
    else if (name === '--course') options.courses.push(path.resolve(cwd, value))
    else if (name === '--data') options.data = path.resolve(cwd, value)
    else if (name === '--no-demo') options.demo = false
    else if (name === '--no-labs') options.labs = false
    else if (name === '--rebuild') options.rebuild = true
    else if (name === '--help' || name === '-h') options.help = true
    else throw unknownOption(name, 'npm start')
  }
  options.courses = [...new Set(options.courses)]
  const odd = [...options.courses].find((folder) => folder.includes(':'))
  if (odd)
    throw new Trouble(`The course folder ${odd} has a colon in its name.`, 'Give the folder another name.')
  return options
}

/** @param {string[]} given @returns {TestOptions} */
function parseTest(given) {
  const cut = given.indexOf('--')
  /** @type {TestOptions} */
  const options = {
    command: 'test',
    help: false,
    skipEngine: false,
    only: [],
    rebuild: false,
    rest: cut < 0 ? [] : given.slice(cut + 1),
  }
  for (const { name, value } of eachOption(cut < 0 ? given : given.slice(0, cut), ['--only'], 'npm test')) {
    if (name === '--skip-engine') options.skipEngine = true
    else if (name === '--rebuild') options.rebuild = true
    else if (name === '--help' || name === '-h') options.help = true
    else if (name === '--only') {
      if (!stages.includes(value)) {
        throw new Trouble(`"${value}" is not a stage.`, `The stages are: ${stages.join(', ')}.`)
      }
      options.only.push(value)
    } else throw unknownOption(name, 'npm test')
  }
  return options
}

/**
 * Splits `--name value` and `--name=value`.
 * @param {string[]} given @param {string[]} withValue @param {string} command
 */
function* eachOption(given, withValue, command) {
  for (let index = 0; index < given.length; index++) {
    const word = given[index] ?? ''
    const equals = word.startsWith('--') ? word.indexOf('=') : -1
    const name = equals < 0 ? word : word.slice(0, equals)
    if (!withValue.includes(name)) {
      if (equals >= 0) throw unknownOption(word, command)
      yield { name, value: '' }
      continue
    }
    const value = equals < 0 ? given[++index] : word.slice(equals + 1)
    if (!value || (equals < 0 && value.startsWith('--'))) {
      throw new Trouble(`${name} needs a value.`, `\`${command} -- --help\` lists the options.`)
    }
    yield { name, value }
  }
}

/** @param {string} name @param {string} command */
function unknownOption(name, command) {
  return new Trouble(`"${name}" is not an option.`, `\`${command} -- --help\` lists the options.`)
}

/** @param {string} text @param {string} source */
function readPort(text, source) {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0
  if (port < 1 || port > 65_535) {
    throw new Trouble(`${source} is "${text}", which is not a port.`, 'A port is a number from 1 to 65535.')
  }
  return port
}
