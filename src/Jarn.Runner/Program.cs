Jarn.Runner.Training.HangUpSignal.Note();
return Jarn.Runner.Reports.Terminal.Guard(() => Jarn.Runner.Commands.CommandLineInterface.Run(args));
