namespace Jarn.Kernels;

public sealed partial class ReferenceDevice
{
    internal void SgdMomentum(in SgdMomentumCall call)
    {
        (SgdMomentumStep step, DeviceBuffer gradient, DeviceBuffer parameter, DeviceBuffer velocity) = call;
        Span<double> g = Span(gradient), p = Span(parameter), v = Span(velocity);
        for (int i = 0; i < p.Length; i++)
        {
            v[i] = (step.Momentum * v[i]) + g[i] + (step.WeightDecay * p[i]);
            p[i] -= step.LearningRate * v[i];
        }
    }

    internal void Adam(in AdamCall call)
    {
        (AdamStep step, DeviceBuffer gradient, DeviceBuffer parameter, DeviceBuffer firstMoment, DeviceBuffer secondMoment) = call;
        Span<double> gradients = Span(gradient), p = Span(parameter), m = Span(firstMoment), v = Span(secondMoment);
        double firstCorrection = 1 - Math.Pow(step.Beta1, step.Iteration), secondCorrection = 1 - Math.Pow(step.Beta2, step.Iteration);
        for (int i = 0; i < p.Length; i++)
        {
            double g = gradients[i] + (step.WeightDecay * p[i]);
            m[i] = (step.Beta1 * m[i]) + ((1 - step.Beta1) * g);
            v[i] = (step.Beta2 * v[i]) + ((1 - step.Beta2) * g * g);
            p[i] -= step.LearningRate * (m[i] / firstCorrection) / (Math.Sqrt(v[i] / secondCorrection) + step.Epsilon);
        }
    }

    internal void PgdStep(in PgdStepCall call)
    {
        (PgdStep step, DeviceBuffer x, DeviceBuffer gradient, DeviceBuffer origin, DeviceBuffer y) = call;
        Span<double> xs = Span(x), g = Span(gradient), center = Span(origin), ys = Span(y);
        for (int i = 0; i < ys.Length; i++)
        {
            double moved = xs[i] + (step.Step * (g[i] > 0 ? 1 : g[i] < 0 ? -1 : 0));
            ys[i] = Math.Clamp(Math.Clamp(moved, center[i] - step.Epsilon, center[i] + step.Epsilon), 0, 1);
        }
    }
}
