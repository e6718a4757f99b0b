Jarn.Runner.Experiments.Training.HangUpSignal.Note();
return Jarn.Runner.Commands.GuardedOutput.Run(() => Jarn.Runner.Commands.CommandLineInterface.Run(args));
