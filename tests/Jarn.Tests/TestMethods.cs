using Jarn.Runner.Experiments.Training;

namespace Jarn.Tests;

/// <summary>A data source for tests of every training method.</summary>
public static class TestMethods
{
    public static IReadOnlyList<string> Names => MethodDefinition.List.Names;
}
