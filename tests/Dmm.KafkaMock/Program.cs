Console.Error.WriteLine("usage: Dmm.KafkaMock BROKERS");
return 2;
