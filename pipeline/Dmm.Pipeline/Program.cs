using Dmm.Pipeline.Commands;

return await DmmCommand.Create().Parse(args).InvokeAsync();
