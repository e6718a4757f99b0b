namespace Jarn.Runner.Commands;

/// <summary><c>jarn devices</c>.</summary>
public static class DevicesCommand
{
    public static int Run() => 0;
}
