using System.Text.Json;
using Jarn.Models;
using Jarn.Runner.Experiments.Auditing;
using Jarn.Runner.Experiments.Runs;
using Jarn.Runner.Reporting.Reproduction;
using Spectre.Console;

namespace Jarn.Runner.Reporting;

/// <summary>Finished runs side by side: the settings in which they differ, their accuracies, and whether those differ by more than chance.</summary>
public sealed class RunComparison
{
    private readonly string[] _folders;
    private readonly RunConfiguration[] _configurations;
    private readonly RunResults[] _results;
    private readonly AuditResults?[] _audits;
    private readonly Setting[] _settings;
    private readonly ComparedAttack[] _attacks;

    private RunComparison(string[] folders, RunConfiguration[] configurations, RunResults[] results, AuditResults?[] audits)
    {
        (_folders, _configurations, _results, _audits) = (folders, configurations, results, audits);
        _settings = Differences(configurations);
        _attacks =
        [
            .. results.SelectMany(run => run.Accuracy.Keys).Distinct()
                .Select(attack => new ComparedAttack(attack, [.. results.Select(run => Of(run, attack))], SameSize)),
        ];
        if (audits.Any(audit => audit is not null))
        {
            _attacks = [.. _attacks, new ComparedAttack(Rung.AutoAttack, [.. audits.Select(Of)], SameSize)];
        }
    }

    private bool SameSize => _results.All(run => run.Epsilon == _results[0].Epsilon);

    /// <param name="runs">The runs to compare; at least two.</param>
    /// <exception cref="UserErrorException">A run is not finished, or the runs were measured on different images.</exception>
    public static RunComparison Of(IReadOnlyList<RunOverview> runs)
    {
        foreach (RunOverview run in runs.Where(run => run.State != RunState.Finished))
        {
            throw new UserErrorException($"{run.Directory.Folder} has no results to compare ({run.StateInWords.TrimEnd('.')}): give finished runs");
        }
        RunResults[] results = [.. runs.Select(run => run.Results!)];
        int other = Array.FindIndex(results, run => run.Dataset != results[0].Dataset);
        return other < 0
            ? new RunComparison(
                [.. runs.Select(run => run.Directory.Folder)], [.. runs.Select(run => run.Configuration!)], results,
                [.. runs.Select(run => run.Audits?.Shown)])
            : throw new UserErrorException(
                $"{runs[0].Directory.Folder} was measured on {results[0].Dataset}, but {runs[other].Directory.Folder} on {results[other].Dataset}: "
                + "give runs on the same data set");
    }

    public void Print(IAnsiConsole console)
    {
        string[] letters = [.. _folders.Select((_, index) => index < 26 ? $"{(char)('A' + index)}" : $"R{index + 1}")];
        foreach ((string letter, string folder) in letters.Zip(_folders))
        {
            console.Write(new TextLines($"{letter}  {folder}", indent: 3));
        }
        Write(console, "Settings that differ", ["Setting", .. letters],
            [.. _settings.Select(setting => (string[])[setting.Name, .. setting.Values.Select(value => value ?? TextTable.Absent)])]);
        Write(console, $"Accuracy on {_results[0].Dataset} in %, with 95 % intervals", ["Attack", .. letters, "Difference"],
            [.. _attacks.Select(attack => (string[])[attack.Attack, .. attack.Figures.Select(Cell), attack.Verdict])]);
        console.Write(new TextLines(""));
        foreach (string remark in Remarks())
        {
            console.Write(new TextLines($"- {remark}", indent: 2));
        }
    }

    /// <summary>The comparison as JSON, which docs/results-json.md documents.</summary>
    public string ToJson() => JsonSerializer.Serialize(new
    {
        Runs = _folders,
        _results[0].Dataset,
        Settings = _settings,
        Attacks = _attacks.Select(attack => new
        {
            attack.Attack,
            Accuracy = attack.Figures.Select(figure => figure?.Accuracy),
            AccuracyInterval = attack.Figures.Select(figure => figure?.Interval),
            ZeroGradient = attack.Figures.Select(figure => figure?.ZeroGradient),
            attack.Difference,
            attack.BeyondIntervals,
        }),
        Remarks = Remarks(),
    }, JsonFile.Options);

    /// <summary>A row for each setting that differs and each figure, a column for each run.</summary>
    public string ToCsv()
    {
        CsvTable table = new(["section", "name", .. _folders]);
        foreach (Setting setting in _settings)
        {
            table.Add(["setting", setting.Name, .. setting.Values]);
        }
        foreach (ComparedAttack attack in _attacks)
        {
            Add("accuracy", attack, figure => figure.Accuracy);
            Add("accuracy_low", attack, figure => figure.Interval?.Low);
            Add("accuracy_high", attack, figure => figure.Interval?.High);
            Add("zero_gradient", attack, figure => figure.ZeroGradient);
        }
        return table.ToString();

        void Add(string section, ComparedAttack attack, Func<Figure, double?> value) =>
            table.Add([section, attack.Attack, .. attack.Figures.Select(figure => figure is null ? null : (object?)value(figure))]);
    }

    private static Figure? Of(RunResults run, string attack) => !run.Accuracy.TryGetValue(attack, out double accuracy) ? null : new Figure(
        accuracy,
        run.AccuracyInterval.TryGetValue(attack, out Interval interval) ? interval : null,
        run.ZeroGradient.TryGetValue(attack, out double share) ? share : null);

    private static Figure? Of(AuditResults? audit) => audit?.AutoAttack is Rung rung ? new Figure(rung.Accuracy, rung.AccuracyInterval, null) : null;

    private static Setting[] Differences(RunConfiguration[] configurations)
    {
        Dictionary<string, string>[] settings =
        [
            .. configurations.Select(run => RunSettings.Of(run).Concat(RunSettings.Environment(run)).ToDictionary(row => row.Name, row => row.Value)),
        ];
        return
        [
            .. settings.SelectMany(run => run.Keys).Distinct()
                .Select(name => new Setting(name, [.. settings.Select(run => run.GetValueOrDefault(name))]))
                .Where(setting => setting.Values.Distinct().Count() > 1),
        ];
    }

    private static string Cell(Figure? figure)
    {
        if (figure is null)
        {
            return TextTable.Absent;
        }
        string to = $"{TextLines.NoBreak}to{TextLines.NoBreak}";
        string interval = figure.Interval is Interval found ? $" ({Titles.Accuracy(found.Low)}{to}{Titles.Accuracy(found.High)})" : "";
        string zeroGradient = figure.ZeroGradient is > 0 and double share ? $", zero gradient {Titles.Accuracy(share)}" : "";
        return $"{Titles.Accuracy(figure.Accuracy)}{interval}{zeroGradient}";
    }

    private IEnumerable<string> Remarks()
    {
        if (_settings.Length == 0)
        {
            yield return "No setting differs.";
        }
        if (!SameSize)
        {
            string sizes = string.Join(", ", _results.Select(run => PerturbationSize.Text(run.Epsilon)));
            yield return $"The attacks had different sizes, ε = {sizes}: accuracies under attack can't be compared.";
        }
        if (_results.Any(run => run.TestExamples != _results[0].TestExamples))
        {
            string counts = string.Join(", ", _results.Select(run => run.TestExamples));
            yield return $"Measured on different numbers of test images ({counts}): compare the intervals.";
        }
        if (_audits.OfType<AuditResults>().Select(audit => audit.Examples).Distinct().ToArray() is { Length: > 0 } examples)
        {
            yield return $"AutoAttack was measured on {string.Join(" and ", examples)} images (jarn audit).";
        }
        if (_configurations.Any(run => !run.Data.Select(file => file.Sha256).SequenceEqual(_configurations[0].Data.Select(file => file.Sha256))))
        {
            yield return "The data files differ, so the test images may differ too.";
        }
        yield return "Beyond the intervals: the intervals of the highest and the lowest accuracy do not overlap. "
            + "They cover the choice of test images, not the choice of the seed.";
        foreach (string remark in Reporting.Remarks.Worth(
            _results.SelectMany(run => run.Accuracy.Keys), _results.SelectMany(run => run.ZeroGradient.Values), _results.Select(run => run.Method)))
        {
            yield return remark;
        }
    }

    private static void Write(IAnsiConsole console, string title, string[] columns, IReadOnlyList<string[]> rows)
    {
        if (rows.Count == 0)
        {
            return;
        }
        TextTable table = new([.. columns]) { Title = $"\n{title}", IsFramed = false };
        foreach (string[] row in rows)
        {
            table.AddRow([.. row]);
        }
        console.Write(table);
    }

    /// <param name="Name">The setting's key in config.json, in words.</param>
    /// <param name="Values">One value per run; null if its training doesn't use the setting.</param>
    private sealed record Setting(string Name, IReadOnlyList<string?> Values);

    private sealed record Figure(double Accuracy, Interval? Interval, double? ZeroGradient);

    /// <summary>The accuracies of the classifiers under an attack; null for one that was not measured.</summary>
    private sealed class ComparedAttack(string attack, IReadOnlyList<Figure?> figures, bool sameSize)
    {
        public string Attack => attack;

        public IReadOnlyList<Figure?> Figures => figures;

        /// <summary>The highest accuracy minus the lowest; null if they can't be compared.</summary>
        public double? Difference => IsComparable ? Highest.Accuracy - Lowest.Accuracy : null;

        public bool? BeyondIntervals => IsComparable ? Lowest.Interval!.Value.High < Highest.Interval!.Value.Low : null;

        public string Verdict => !IsSameSize ? "ε differs" : !IsComparable ? "not measured in all"
            : $"{Titles.Accuracy(Difference!.Value)}, {(BeyondIntervals == true ? "beyond" : "within")} the intervals";

        private bool IsSameSize => sameSize || attack == AttackFigures.Clean;

        private bool IsComparable => IsSameSize && figures.All(figure => figure?.Interval is not null);

        private Figure Highest => figures.MaxBy(figure => figure!.Accuracy)!;

        private Figure Lowest => figures.MinBy(figure => figure!.Accuracy)!;
    }
}
