namespace Jarn.Kernels;

public sealed unsafe partial class CpuDevice
{
    /// <summary>The computation that a filter is rearranged for.</summary>
    private enum FilterForm
    {
        Forward,
        InputGradient,
        WinogradForward,
        WinogradInputGradient,
    }

    /// <summary>
    /// Memory for a form of the filter, which belongs to the filter's buffer and lasts until the filter changes: an attack's steps, and the
    /// passes of one training step, rearrange it once.
    /// </summary>
    /// <param name="isCurrent">Whether the memory holds the form already; if not, the caller makes it.</param>
    private float* Packed(DeviceBuffer filter, ConvolutionGeometry geometry, FilterForm form, nint length, out bool isCurrent)
    {
        CpuBuffer own = Require.Own<CpuBuffer>(filter, this);
        own.PackedFilters ??= new PackedFilters();
        return ((CpuBuffer)own.PackedFilters.Find(geometry with { Batch = 1 }, form, checked((int)length), _packs, out isCurrent)).Pointer;
    }

    /// <summary>The forms that one buffer's contents were rearranged to.</summary>
    private sealed class PackedFilters
    {
        private readonly List<(ConvolutionGeometry Geometry, FilterForm Form, DeviceBuffer Memory, bool IsCurrent)> _forms = [];

        public DeviceBuffer Find(ConvolutionGeometry geometry, FilterForm form, int length, BufferPool pool, out bool isCurrent)
        {
            for (int i = 0; i < _forms.Count; i++)
            {
                if (_forms[i].Form == form && _forms[i].Geometry == geometry)
                {
                    isCurrent = _forms[i].IsCurrent;
                    _forms[i] = _forms[i] with { IsCurrent = true };
                    return _forms[i].Memory;
                }
            }
            isCurrent = false;
            DeviceBuffer memory = pool.Rent(length);
            _forms.Add((geometry, form, memory, true));
            return memory;
        }

        /// <summary>The contents change: every form must be made anew.</summary>
        public void Expire()
        {
            for (int i = 0; i < _forms.Count; i++)
            {
                _forms[i] = _forms[i] with { IsCurrent = false };
            }
        }

        public void Return(BufferPool pool)
        {
            foreach ((_, _, DeviceBuffer memory, _) in _forms)
            {
                pool.Return(memory);
            }
            _forms.Clear();
        }
    }
}
