// Every fixture has hosts and folders of its own. Most of them wait: for holds to end, for audits to look again, for processes to start.
[assembly: Parallelizable(ParallelScope.Fixtures)]
[assembly: LevelOfParallelism(4)]
