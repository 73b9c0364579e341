"""The records of the province: producers, rights and products, each in an application of its own.

register: what every kind of record needs, and the producers. rights: industrial property.
ocop: products and their ratings. Imports point from ocop to rights to register.
"""
