return Jarn.Runner.Commands.CommandLineInterface.Run(args);
