using System.Reflection;
using ILGPU;
using ILGPU.Backends.EntryPoints;
using ILGPU.Backends.PTX;
using ILGPU.Runtime.Cuda;

namespace Jarn.Kernels;

/// <summary>
/// Kernels as PTX, without a driver or a GPU: what ILGPU gives NVIDIA's driver on compute capability 8.0 and later, which is the newest that it
/// writes for. Not thread-safe.
/// </summary>
public sealed class PtxCompiler : IDisposable
{
    private Context _context = CreateContext();

    /// <summary>PTX of version 7.8, which the assemblers of CUDA 11.8 and later read, for sm_80: one entry point with what it calls.</summary>
    /// <exception cref="KernelCompilationException">ILGPU can't compile it.</exception>
    public string Compile(GpuKernel kernel) => Compile(kernel.Method);

    /// <inheritdoc cref="Compile(GpuKernel)"/>
    public string Compile(MethodInfo kernel)
    {
        try
        {
            using PTXBackend backend = new(_context, CudaArchitecture.SM_80, CudaInstructionSet.ISA_78, null!);
            EntryPointDescription entry = EntryPointDescription.FromExplicitlyGroupedKernel(kernel);
            return ((PTXCompiledKernel)backend.Compile(entry, KernelAttribute.SpecializationOf(kernel))).PTXAssembly;
        }
        catch (Exception failure)
        {
            // A compilation that fails poisons its context.
            _context.Dispose();
            _context = CreateContext();
            throw new KernelCompilationException($"{failure.Message} {failure.InnerException?.Message}".Trim(), failure);
        }
    }

    public void Dispose() => _context.Dispose();

    private static Context CreateContext() => Context.Create(builder => GpuPlatform.Configure(builder));
}

/// <summary>ILGPU can't compile a kernel; the message says why.</summary>
public sealed class KernelCompilationException(string message, Exception inner) : Exception(message, inner);
