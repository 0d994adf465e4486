using Dmm.Pipeline.Commands;

return await DmmCommand.RunAsync(args, Console.Out, Console.Error);
