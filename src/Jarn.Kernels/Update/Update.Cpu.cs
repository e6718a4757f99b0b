using System.Runtime.Intrinsics;

namespace Jarn.Kernels;

public sealed unsafe partial class CpuDevice
{
    public void SgdMomentum(SgdMomentumStep step, DeviceBuffer gradient, DeviceBuffer parameter, DeviceBuffer velocity)
    {
        Require.SameLength(gradient, parameter);
        Require.SameLength(velocity, parameter);
        RunUpdate(new SgdMomentumUpdate
        {
            Momentum = (float)step.Momentum,
            Rate = (float)step.LearningRate,
            Decay = (float)step.WeightDecay,
            Gradient = Read(gradient),
            Parameter = Write(parameter),
            Velocity = Write(velocity),
        }, parameter.Length);
    }

    public void Adam(AdamStep step, DeviceBuffer gradient, DeviceBuffer parameter, DeviceBuffer firstMoment, DeviceBuffer secondMoment)
    {
        Require.SameLength(gradient, parameter);
        Require.SameLength(firstMoment, parameter);
        Require.SameLength(secondMoment, parameter);
        RunUpdate(new AdamUpdate
        {
            Rate = (float)step.CorrectedLearningRate,
            Epsilon = (float)step.CorrectedEpsilon,
            Decay = (float)step.WeightDecay,
            Beta1 = (float)step.Beta1,
            Beta2 = (float)step.Beta2,
            Complement1 = (float)(1 - step.Beta1),
            Complement2 = (float)(1 - step.Beta2),
            Gradient = Read(gradient),
            Parameter = Write(parameter),
            First = Write(firstMoment),
            Second = Write(secondMoment),
        }, parameter.Length);
    }

    public void PgdStep(PgdStep step, DeviceBuffer x, DeviceBuffer gradient, DeviceBuffer origin, DeviceBuffer y)
    {
        Require.SameLength(x, y);
        Require.SameLength(gradient, y);
        Require.SameLength(origin, y);
        RunUpdate(new PgdUpdate
        {
            Step = (float)step.Step,
            Epsilon = (float)step.Epsilon,
            X = Read(x),
            Gradient = Read(gradient),
            Origin = Read(origin),
            Y = Write(y),
        }, y.Length);
    }

    private void RunUpdate<TUpdate>(TUpdate update, int length) where TUpdate : unmanaged, IUpdate
    {
        RowPartition partition = new(1, length, ElementsPerBlock);
        _workers.Run(new UpdateJob<TUpdate> { Update = update, Partition = partition }, partition.Blocks);
    }

    /// <summary>What an update does with one vector of each of its buffers.</summary>
    private interface IUpdate
    {
        void Apply(int at, int lanes);
    }

    private struct UpdateJob<TUpdate> : IBlockJob where TUpdate : unmanaged, IUpdate
    {
        public TUpdate Update;
        public RowPartition Partition;

        public readonly void Execute(int block, Scratch scratch)
        {
            TUpdate update = Update;
            (_, _, int first, int last) = Partition[block];
            for (int i = first; i < last; i += Lanes.Width)
            {
                update.Apply(i, Lanes.Count(i, last));
            }
        }
    }

    private struct SgdMomentumUpdate : IUpdate
    {
        public float Momentum, Rate, Decay;
        public float* Gradient, Parameter, Velocity;

        public readonly void Apply(int at, int lanes)
        {
            Vector256<float> parameter = Lanes.Load(Parameter + at, lanes);
            Vector256<float> velocity = (Lanes.Load(Velocity + at, lanes) * Momentum) + Lanes.Load(Gradient + at, lanes) + (parameter * Decay);
            Lanes.Store(velocity, Velocity + at, lanes);
            Lanes.Store(parameter - (velocity * Rate), Parameter + at, lanes);
        }
    }

    private struct AdamUpdate : IUpdate
    {
        public float Rate, Epsilon, Decay, Beta1, Beta2, Complement1, Complement2;
        public float* Gradient, Parameter, First, Second;

        public readonly void Apply(int at, int lanes)
        {
            Vector256<float> parameter = Lanes.Load(Parameter + at, lanes);
            Vector256<float> gradient = Lanes.Load(Gradient + at, lanes) + (parameter * Decay);
            Vector256<float> first = (Lanes.Load(First + at, lanes) * Beta1) + (gradient * Complement1);
            Vector256<float> second = (Lanes.Load(Second + at, lanes) * Beta2) + (gradient * gradient * Complement2);
            Lanes.Store(first, First + at, lanes);
            Lanes.Store(second, Second + at, lanes);
            Lanes.Store(parameter - (first * Rate / (Vector256.Sqrt(second) + Vector256.Create(Epsilon))), Parameter + at, lanes);
        }
    }

    private struct PgdUpdate : IUpdate
    {
        public float Step, Epsilon;
        public float* X, Gradient, Origin, Y;

        public readonly void Apply(int at, int lanes)
        {
            Vector256<float> origin = Lanes.Load(Origin + at, lanes), radius = Vector256.Create(Epsilon);
            Vector256<float> moved = Lanes.Load(X + at, lanes) + (default(Sign).Invoke(Lanes.Load(Gradient + at, lanes)) * Step);
            Vector256<float> near = Vector256.Min(Vector256.Max(moved, origin - radius), origin + radius);
            Lanes.Store(Vector256.Min(Vector256.Max(near, Vector256<float>.Zero), Vector256<float>.One), Y + at, lanes);
        }
    }
}
