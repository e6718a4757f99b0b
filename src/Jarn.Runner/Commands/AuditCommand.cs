using System.Diagnostics;
using System.Security.Cryptography;
using Jarn.Kernels;
using Jarn.Models;
using Jarn.Runner.Auditing;
using Jarn.Runner.Data;
using Jarn.Runner.Evaluation;
using Jarn.Runner.Reports;
using Jarn.Runner.Reports.Page;
using Jarn.Runner.Runs;
using Jarn.Runner.Training;

namespace Jarn.Runner.Commands;

/// <summary><c>jarn audit</c>: saved classifiers, images, AutoAttack, checks, verdicts.</summary>
public static class AuditCommand
{
    public static int Run(AuditOptions options)
    {
        CommandLineInterface.RefuseStrays(options.Strays);
        AuditPlan plan = AuditPlan.Of(options);
        string? page = options.Output is null ? null : OptionValue.NewFile("--output", options.Output);
        IDisplay display = Display.For(options.Quiet);
        using IDevice device = DeviceChoice.Of(options).Open();
        List<AuditResults> audits = [];
        using (Interruption interruption = Interruption.OfProcess())
        {
            interruption.EndAtOnce("interrupted: the same command goes on where AutoAttack was left");
            foreach (string checkpoint in options.Checkpoints.Distinct())
            {
                AuditResults results = Audit(checkpoint, options, plan, device, display);
                if (RunDirectory.Existing(checkpoint) is { IsFinished: true } run && File.Exists(run.Report))
                {
                    ReportCommand.Write(run, new RunExtras(Report: true, TensorBoard: false), options.DataDirectory, images: null, device, display);
                }
                audits.Add(results);
            }
        }
        if (page is not null)
        {
            AuditPage.Write(page, audits);
            Console.WriteLine($"Page: {page}");
        }
        return 0;
    }

    private static AuditResults Audit(string checkpoint, AuditOptions options, AuditPlan plan, IDevice device, IDisplay display)
    {
        (Network classifier, ModelOrigin origin) = ModelFile.Read(checkpoint, device);
        using Network measured = classifier;
        List<(string Name, Network Classifier)> sources = [];
        try
        {
            Dictionary<string, ClassifierDescription> descriptions = new() { [checkpoint] = origin.Description };
            foreach (string path in options.Sources.Distinct().Where(path => path != checkpoint))
            {
                (Network source, ModelOrigin sourceOrigin) = ModelFile.Read(path, device);
                sources.Add((path, source));
                descriptions.Add(path, sourceOrigin.Description);
            }
            (_, Dataset data) = MeasuredImages.Open(checkpoint, origin, options.Dataset, options, limit: null, display);
            foreach ((string path, ClassifierDescription description) in descriptions)
            {
                MeasuredImages.RequireFit(description, path, data);
            }
            AttackedImages images = BalancedSubset.Of(data.Test, Math.Min(plan.Examples, data.Test.Count));
            AuditSubject subject = new(device, classifier, data.Test, images, plan.Epsilon ?? origin.Epsilon, plan.Seed, plan.Statistics, sources);
            display.Note($"{origin.Method} of {checkpoint} on {data.Name} ({images.Count} of {data.Test.Count} test images from {data.Origin}), {device.Description.Title}");
            IReadOnlyList<EvasionAttack> attacks = plan.Plus ? AutoAttack.Plus(subject.Epsilon, plan.Seed) : AutoAttack.Standard(subject.Epsilon, plan.Seed);
            AutoAttackSubject identity = new(
                Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(ModelFile.PathOf(checkpoint)))), data.Name, images.Count, subject.Epsilon, plan.Seed);
            AuditStore store = AuditStore.Of(checkpoint);
            store.Prepare();
            long start = Stopwatch.GetTimestamp();
            AuditFindings findings = Auditor.Run(subject, attacks, store.AutoAttack(identity, attacks), display);
            AuditResults results = new(
                checkpoint, origin.Method, origin.Dataset, data.Name, data.StandInReason, images.Count, subject.Epsilon, [.. attacks.Select(attack => attack.Name)], plan.Seed,
                plan.Statistics, [.. sources.Select(source => source.Name)], Stopwatch.GetElapsedTime(start).TotalSeconds, device.Description.Title, Versions.Current, findings);
            string kept = store.Write(results);
            AuditTable.Print(Terminal.Output, results);
            Console.WriteLine($"Audit: {kept}");
            foreach (string note in AuditTitles.Beside(store, results, origin.Epsilon))
            {
                Console.WriteLine(note);
            }
            return results;
        }
        finally
        {
            sources.ForEach(source => source.Classifier.Dispose());
        }
    }

    private sealed record AuditPlan(bool Plus, int Examples, double? Epsilon, ulong Seed, BatchStatistics Statistics)
    {
        public static AuditPlan Of(AuditOptions options) => new(
            OptionValue.Choice("--version", options.Version, "plus", "standard"),
            OptionValue.AtLeastOne("--examples", options.Examples),
            options.Epsilon is null ? null : OptionValue.Epsilon("--epsilon", options.Epsilon),
            options.Seed,
            OptionValue.Choice("--bn-mode", options.BatchNormMode, "batch", "running") ? BatchStatistics.Batch : BatchStatistics.Running);
    }
}
