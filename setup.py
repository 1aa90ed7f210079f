"""Installs the kernelspec and the front end under `pip install -e .` too: setuptools leaves data files out there."""

from setuptools import Distribution, setup


class KernelDistribution(Distribution):
    has_data = Distribution.has_data_files  # the name that setuptools' editable_wheel looks up


setup(distclass=KernelDistribution)
