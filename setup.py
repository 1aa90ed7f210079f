"""Installs the kernelspec under `pip install -e .` too: setuptools skips data files there unless told of them."""

from setuptools import Distribution, setup


class KernelDistribution(Distribution):
    has_data = Distribution.has_data_files  # the name that setuptools' editable_wheel looks up


setup(distclass=KernelDistribution)
