using Jarn.Models;

namespace Jarn.Tests.Library;

/// <summary>The second program of docs/library.md: the page shows the usings, the body of the method and the class within.</summary>
public static class AuditExample
{
    public static void Run()
    {
        // A hundred images of 8 × 8 pixels. The class is the brightest quarter.
        Random random = new(1);
        float[] pixels = [.. Enumerable.Range(0, 100 * 64).Select(_ => random.NextSingle())];
        int[] labels = [.. pixels.Chunk(64).Select(image => Enumerable.Range(0, 4).MaxBy(quarter => QuarterClassifier.Brightness(image, quarter)))];

        AuditSubject subject = new(new QuarterClassifier(), new AttackedImages(pixels, labels), ThreatModel.LInf(0.02));
        AuditFindings findings = Auditor.Run(subject);
        foreach (Rung rung in findings.Ladder)
        {
            Console.WriteLine($"{rung.Name}: {rung.Accuracy:0.0} %, 95 % interval {rung.AccuracyInterval}");
        }
        foreach (CheckResult check in findings.Checks)
        {
            Console.WriteLine($"{check.Name}: {check.Outcome}. {check.Verdict}");
        }
        Console.WriteLine(AuditVerdict.Of(findings, labels.Length));
    }

    /// <summary>Your own: it tells logits, and gradients of losses of them.</summary>
    private sealed class QuarterClassifier : IClassifier
    {
        public int Height => 8;

        public int Width => 8;

        public int Channels => 1;

        public int Classes => 4;

        public void Logits(ReadOnlySpan<float> images, Span<float> logits)
        {
            for (int i = 0; i < images.Length / 64 * 4; i++)
            {
                logits[i] = Brightness(images.Slice(i / 4 * 64, 64), i % 4);
            }
        }

        public void Gradients(ReadOnlySpan<float> images, LogitLoss loss, Span<float> logits, Span<double> losses, Span<float> gradients)
        {
            Logits(images, logits);
            Span<float> cotangent = stackalloc float[4];
            for (int image = 0; image < images.Length / 64; image++)
            {
                cotangent.Clear();
                losses[image] = loss(image, logits.Slice(image * 4, 4), cotangent);
                for (int pixel = 0; pixel < 64; pixel++)
                {
                    gradients[(image * 64) + pixel] = cotangent[Quarter(pixel)];
                }
            }
        }

        public static float Brightness(ReadOnlySpan<float> image, int quarter)
        {
            float sum = 0;
            for (int pixel = 0; pixel < 64; pixel++)
            {
                sum += Quarter(pixel) == quarter ? image[pixel] : 0;
            }
            return sum;
        }

        private static int Quarter(int pixel) => (pixel / 32 * 2) + (pixel % 8 / 4);
    }
}
