using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Jarn.Kernels;

public sealed unsafe partial class CpuDevice
{
    internal void SgdMomentum(in SgdMomentumCall call)
    {
        (SgdMomentumStep step, DeviceBuffer gradient, DeviceBuffer parameter, DeviceBuffer velocity) = call;
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

    internal void Adam(in AdamCall call)
    {
        (AdamStep step, DeviceBuffer gradient, DeviceBuffer parameter, DeviceBuffer firstMoment, DeviceBuffer secondMoment) = call;
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

    internal void PgdStep(in PgdStepCall call)
    {
        (PgdStep step, DeviceBuffer x, DeviceBuffer gradient, DeviceBuffer origin, DeviceBuffer y) = call;
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

    private void RunUpdate<TUpdate>(TUpdate update, int length) where TUpdate : unmanaged, IVectorBody
    {
        RowPartition partition = new(1, length, ElementsPerBlock);
        _workers.Run(new UpdateJob<TUpdate> { Update = update, Partition = partition }, partition.Blocks);
    }

    private struct UpdateJob<TUpdate> : IBlockJob where TUpdate : unmanaged, IVectorBody
    {
        public TUpdate Update;
        public RowPartition Partition;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Execute(int block, Scratch scratch)
        {
            (_, _, int first, int last) = Partition[block];
            VectorLoop.Run(Update, first, last);
        }
    }

    private struct SgdMomentumUpdate : IVectorBody
    {
        public float Momentum, Rate, Decay;
        public float* Gradient, Parameter, Velocity;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly void Apply<TAccess>(TAccess access, nint element) where TAccess : struct, IVectorAccess
        {
            Vector256<float> parameter = access.Load(Parameter + element);
            Vector256<float> velocity = (access.Load(Velocity + element) * Momentum) + access.Load(Gradient + element) + (parameter * Decay);
            access.Store(velocity, Velocity + element);
            access.Store(parameter - (velocity * Rate), Parameter + element);
        }
    }

    private struct AdamUpdate : IVectorBody
    {
        public float Rate, Epsilon, Decay, Beta1, Beta2, Complement1, Complement2;
        public float* Gradient, Parameter, First, Second;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly void Apply<TAccess>(TAccess access, nint element) where TAccess : struct, IVectorAccess
        {
            Vector256<float> parameter = access.Load(Parameter + element);
            Vector256<float> gradient = access.Load(Gradient + element) + (parameter * Decay);
            Vector256<float> first = (access.Load(First + element) * Beta1) + (gradient * Complement1);
            Vector256<float> second = (access.Load(Second + element) * Beta2) + (gradient * gradient * Complement2);
            access.Store(first, First + element);
            access.Store(second, Second + element);
            access.Store(parameter - (first * Rate / (Vector256.Sqrt(second) + Vector256.Create(Epsilon))), Parameter + element);
        }
    }

    private struct PgdUpdate : IVectorBody
    {
        public float Step, Epsilon;
        public float* X, Gradient, Origin, Y;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly void Apply<TAccess>(TAccess access, nint element) where TAccess : struct, IVectorAccess
        {
            Vector256<float> origin = access.Load(Origin + element), radius = Vector256.Create(Epsilon);
            Vector256<float> moved = access.Load(X + element) + (default(Sign).Invoke(access.Load(Gradient + element)) * Step);
            Vector256<float> near = Vector256.Min(Vector256.Max(moved, origin - radius), origin + radius);
            access.Store(Vector256.Min(Vector256.Max(near, Vector256<float>.Zero), Vector256<float>.One), Y + element);
        }
    }
}
