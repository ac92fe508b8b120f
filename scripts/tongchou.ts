/** `pnpm tongchou`: the command line. Every command answers --help; errors say what to do next. */
import { Command } from 'commander'
import { addAuditCommands } from './cli/audit-commands.ts'
import { addClaimCommands } from './cli/claim-commands.ts'
import { addEventCommands } from './cli/event-commands.ts'
import { CommandFault } from './cli/instance.ts'
import { addLoadCommands } from './cli/load-commands.ts'
import { addPolicyCommands } from './cli/policy/commands.ts'
import { addRelayCommands } from './cli/relay-commands.ts'
import { addWhatIfCommand } from './cli/whatif/commands.ts'

const program = new Command('tongchou')
  .description('Tongchou 统筹: clears medical-insurance claims between regions')
  .option(
    '--data-dir <dir>',
    'data directory of the running instance',
    process.env['TONGCHOU_DATA_DIR'] ?? '.data',
  )
  .showHelpAfterError()
addLoadCommands(program)
addClaimCommands(program)
addEventCommands(program)
addRelayCommands(program)
addAuditCommands(program)
addPolicyCommands(program)
addWhatIfCommand(program)

try {
  await program.parseAsync()
} catch (error) {
  if (!(error instanceof CommandFault)) throw error
  console.error(error.message)
  process.exitCode = 1
}
