from .registry import *
