Jarn.Runner.Experiments.Training.HangUpSignal.Note();
return Jarn.Runner.Reporting.Terminal.Guard(() => Jarn.Runner.Commands.CommandLineInterface.Run(args));
